using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.SharpnessAware.Onnx;
using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>An ONNX file in ONNX Runtime.</summary>
sealed class OnnxModel : IDisposable
{
    readonly InferenceSession _session;

    public OnnxModel(byte[] file)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        _session = new InferenceSession(file, options);
    }

    /// <summary>A network alone, from "input" to "output".</summary>
    public static OnnxModel Of(nn.Module<Tensor, Tensor> network, int opset, Element element, params object[] shape)
    {
        var graph = new OnnxGraph(network, opset, ["output"]);
        graph.Output("output", graph.Call(network, graph.Input("input", element, shape)), Element.Float);
        graph.Graph.Output[0].Type.TensorType.Shape = null; // of any shape
        return new OnnxModel(OnnxFile.Of(graph, []).ToByteArray());
    }

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>"name type [sizes]" of what goes in and what comes out.</summary>
    public string[] Signature =>
    [
        .. _session.InputMetadata.Concat(_session.OutputMetadata).Select(value =>
            $"{value.Key} {value.Value.ElementDataType} [{string.Join(", ", value.Value.Dimensions.Zip(value.Value.SymbolicDimensions, (size, name) => size < 0 ? name : $"{size}"))}]"),
    ];

    /// <summary>One of the outputs for such inputs, whose rows come first.</summary>
    public T[] Run<T>(string output, params (string Name, Tensor Value)[] inputs)
        where T : unmanaged
    {
        var values = inputs.ToDictionary(input => input.Name, input => Value(input.Value));
        try
        {
            using var run = new RunOptions();
            using var results = _session.Run(run, values, [output]);
            return results[0].GetTensorDataAsSpan<T>().ToArray();
        }
        finally
        {
            foreach (var value in values.Values)
                value.Dispose();
        }
    }

    /// <summary>Float32 numbers for comparison.</summary>
    public double[] Numbers(string output, params (string Name, Tensor Value)[] inputs) => Array.ConvertAll(Run<float>(output, inputs), x => (double)x);

    public void Dispose() => _session.Dispose();

    static OrtValue Value(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Float32 => OrtValue.CreateTensorValueFromMemory(tensor.data<float>().ToArray(), tensor.shape),
        ScalarType.Int64 => OrtValue.CreateTensorValueFromMemory(tensor.data<long>().ToArray(), tensor.shape),
        _ => OrtValue.CreateTensorValueFromMemory(tensor.data<byte>().ToArray(), tensor.shape),
    };
}
