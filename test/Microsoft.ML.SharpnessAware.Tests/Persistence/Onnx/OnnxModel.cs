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

    /// <summary>A network of images [N, C, H, W] alone, which puts out its logits.</summary>
    public static OnnxModel OfImages(nn.Module<Tensor, Tensor> network, int opset, ImageShape shape) =>
        Of(network, opset, graph => graph.Input("images", Element.Float, "N", shape.Channels, shape.Height, shape.Width));

    /// <summary>A network of texts [N, 2, L] alone, which puts out its logits.</summary>
    public static OnnxModel OfTexts(nn.Module<Tensor, Tensor> network, int opset) =>
        Of(network, opset, graph => graph.Input("texts", Element.Int64, "N", 2, "L"));

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

    public void Dispose() => _session.Dispose();

    static OnnxModel Of(nn.Module<Tensor, Tensor> network, int opset, Func<OnnxGraph, string> input)
    {
        var graph = new OnnxGraph(network, opset, ["logits"]);
        graph.Output("logits", graph.Call(network, input(graph)), Element.Float, "N", "classes");
        return new OnnxModel(OnnxFile.Of(graph, []).ToByteArray());
    }

    static OrtValue Value(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Float32 => OrtValue.CreateTensorValueFromMemory(tensor.data<float>().ToArray(), tensor.shape),
        ScalarType.Int64 => OrtValue.CreateTensorValueFromMemory(tensor.data<long>().ToArray(), tensor.shape),
        _ => OrtValue.CreateTensorValueFromMemory(tensor.data<byte>().ToArray(), tensor.shape),
    };
}
