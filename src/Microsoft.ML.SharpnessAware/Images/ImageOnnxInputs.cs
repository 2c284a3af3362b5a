using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Images [N, C, H, W] as an ONNX graph takes them: uint8 or float32, which are then normalised and seen in the model's views.</summary>
internal sealed class ImageOnnxInputs(ImageModel model) : OnnxInputs
{
    const string Images = "images";

    bool AreBytes => model.Pixels == ScalarType.Byte;

    public override string Network => RecordJson.Write(model.Network.WithoutFiles);

    public override string Shape => RecordJson.Write(model.Shape);

    public override int Views => model.TestTimeAugmentation?.Count ?? 1;

    public override Tensor Example() => zeros(model.Shape.OfBatch(1), ScalarType.Float32);

    public override string AddTo(OnnxGraph graph)
    {
        var (channels, height, width) = model.Shape;
        var pixels = graph.Input(Images, AreBytes ? Element.Uint8 : Element.Float, "N", channels, height, width);
        var images = model.Normalization.AddTo(graph, pixels, model.Pixels);
        return model.TestTimeAugmentation?.AddTo(graph, images, model.Shape) ?? images;
    }

    public override (string Name, long[] Shape)? AsVector(out string whyNot)
    {
        whyNot = "ML.NET cannot bring encoded images and MLImage into an ONNX graph, only vectors of Single";
        return AreBytes ? null : (Images, model.Shape.OfBatch(-1));
    }
}
