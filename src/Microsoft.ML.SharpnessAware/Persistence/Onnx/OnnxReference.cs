using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What ONNX Runtime computes from an ONNX file, to compare a network that has its weights with. The application brings the package, if it wants the comparison.</summary>
internal static class OnnxReference
{
    // Float32 sums that are added up in another order come to some 1e-6 of the largest number.
    const double Tolerance = 1e-4;

    /// <summary>Lets a new network be compared: in evaluation mode, without gradients, and with random numbers of its own.</summary>
    public static string WithNetwork(nn.Module network, Func<Generator, string> compare)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(1);
        network.eval();
        try
        {
            return compare(generator);
        }
        finally
        {
            network.train();
        }
    }

    /// <summary>Some values of a graph, on the CPU and in the caller's scope; null for those that are not of float32.</summary>
    /// <param name="model">The graph, with all its tensors.</param>
    /// <param name="inputs">Float32 and int64 tensors, by the names of the graph's inputs.</param>
    /// <param name="outputs">Names of its outputs.</param>
    /// <exception cref="InvalidOperationException">The application does not have ONNX Runtime, or that cannot run the graph.</exception>
    public static Tensor?[] Run(ModelProto model, IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyCollection<string> outputs)
    {
        try
        {
            return InRuntime.Run(model.ToByteArray(), inputs, outputs);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new InvalidOperationException("VerifyWeights needs ONNX Runtime, which the application does not have. Add the package Microsoft.ML.OnnxRuntime to its project, or set VerifyWeights to false.", fault);
        }
    }

    /// <summary>How far the numbers are from those of ONNX Runtime, as a sentence.</summary>
    /// <exception cref="FormatException">They differ by more than rounding.</exception>
    public static string Compare(Tensor ours, Tensor theirs, string what)
    {
        using var scope = NewDisposeScope();
        if (ours.numel() != theirs.numel())
            throw new FormatException($"the network has {what} of shape {TensorEntry.Text(ours.shape)}, and ONNX Runtime of {TensorEntry.Text(theirs.shape)}");
        var difference = (ours.detach().reshape(-1) - theirs.reshape(-1)).abs().max().ToDouble();
        var largest = theirs.abs().max().ToDouble();
        return difference <= Tolerance * largest
            ? Invariant($"Compared with ONNX Runtime: {what} differ by at most {difference:0.#E+0}, of up to {largest:0.##}.")
            : throw new FormatException(Invariant($"{what} differ from those that ONNX Runtime computes by up to {difference:0.####}, of up to {largest:0.##}"));
    }

    /// <summary>The error where there is nothing to compare with.</summary>
    /// <param name="reason">Why, about the file, without a full stop.</param>
    /// <param name="cause">Its cause.</param>
    public static InvalidOperationException Incomparable(string reason, Exception? cause = null) =>
        new($"The weights cannot be compared with what ONNX Runtime computes from their file: {reason}. Set VerifyWeights to false to use them without.", cause);

    // Its methods are compiled when the first of them is called: not before it is asked for does .NET look for the package's assembly.
    static class InRuntime
    {
        public static Tensor?[] Run(byte[] model, IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyCollection<string> outputs)
        {
            var values = inputs.ToDictionary(input => input.Key, input => Value(input.Value));
            try
            {
                using var session = new InferenceSession(model);
                using var run = new RunOptions();
                using var results = session.Run(run, values, outputs);
                return [.. results.Select(result => result.GetTensorTypeAndShape().ElementDataType != OnnxRuntime.Tensors.TensorElementType.Float ? null : tensor(result.GetTensorDataAsSpan<float>().ToArray(), result.GetTensorTypeAndShape().Shape))];
            }
            catch (OnnxRuntimeException fault)
            {
                throw Incomparable($"it cannot run it: {fault.Message.TrimEnd('.')}", fault);
            }
            finally
            {
                foreach (var value in values.Values)
                    value.Dispose();
            }
        }

        static OrtValue Value(Tensor input) => input.dtype == ScalarType.Int64
            ? OrtValue.CreateTensorValueFromMemory(input.data<long>().ToArray(), input.shape)
            : OrtValue.CreateTensorValueFromMemory(input.data<float>().ToArray(), input.shape);
    }
}
