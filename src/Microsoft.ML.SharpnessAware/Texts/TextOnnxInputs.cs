using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Texts as an ONNX graph takes them: the ids of their tokens, and the sentences that these are of.</summary>
internal sealed class TextOnnxInputs(TextModel model) : OnnxInputs
{
    // Enough for networks that look at a few tokens.
    const int MostExampleTokens = 16;

    public override string Network => RecordJson.Write(model.Network.WithoutFiles);

    public override string Shape => RecordJson.Write(model.Shape);

    public override Tensor Example() => zeros([1, 2, Math.Min(model.Shape.MaxLength, MostExampleTokens)], ScalarType.Int64);

    public override string AddTo(OnnxGraph graph) => graph.Concat(1, Row(graph, "ids"), Row(graph, "sentences"));

    public override (string Name, long[] Shape)? AsVector(out string whyNot)
    {
        whyNot = "ONNX has no tokenizer";
        return null;
    }

    static string Row(OnnxGraph graph, string name) => graph.Reshape(graph.Input(name, Element.Int64, "N", "L"), 0, 1, -1);
}
