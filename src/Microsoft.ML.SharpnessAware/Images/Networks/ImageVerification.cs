using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Compares an image network that has the weights of an ONNX file with what ONNX Runtime computes from the file: what comes to the last layer, for random images.</summary>
internal static class ImageVerification
{
    const int Count = 2;

    /// <param name="file">The file.</param>
    /// <param name="network">The network, with its weights.</param>
    /// <param name="features">What the file calls the inputs of the last layer.</param>
    /// <param name="lastLayer">What the network calls that layer.</param>
    /// <param name="shape">The shape of the network's images.</param>
    /// <param name="inFile">What is given to the file, made of what is given to the network.</param>
    /// <returns>How far they agree, as a sentence.</returns>
    /// <exception cref="FormatException">They differ by more than rounding.</exception>
    /// <exception cref="InvalidOperationException">They cannot be compared.</exception>
    public static string Of(OnnxWeightsFile file, nn.Module<Tensor, Tensor> network, string features, string lastLayer, ImageShape shape, Func<Tensor, Tensor> inFile)
    {
        var (name, count) = InputOf(file, shape);
        return OnnxReference.WithNetwork(network, generator =>
        {
            var images = rand([count, shape.Channels, shape.Height, shape.Width], generator: generator);
            var theirs = OnnxReference.Run(file.WithOutputs([features]), new Dictionary<string, Tensor> { [name] = inFile(images).contiguous() }, [features]);
            using var tap = new FeatureTap(network, lastLayer);
            return OnnxReference.Compare(tap.Forward(images).Features, theirs[0] ?? throw OnnxReference.Incomparable("the inputs of its last layer are not of float32"), "the inputs of the last layer");
        });
    }

    // The name of the file's only input, and how many images it takes.
    static (string Name, long Count) InputOf(OnnxWeightsFile file, ImageShape shape)
    {
        if (file.Inputs is not [var input] || input.Type.TensorType is not { } tensor || tensor.ElemType != (int)TensorProto.Types.DataType.Float)
            throw OnnxReference.Incomparable($"it has the inputs {Listing.OfNames(file.Inputs.Select(given => given.Name))}, and not one of float32 images");
        long[] sizes = [.. tensor.Shape?.Dim.Select(size => size.DimValue) ?? []];
        if (sizes is [var count, var channels, var height, var width])
            return Fits(channels, shape.Channels) && Fits(height, shape.Height) && Fits(width, shape.Width) ? (input.Name, count > 0 ? count : Count)
                : throw OnnxReference.Incomparable($"it takes images of {channels}×{height}×{width} only, and the network is built for {shape.Channels}×{shape.Height}×{shape.Width}. Compare them once at that size, by Build");
        return (input.Name, Count);
    }

    // Sizes that are left open are 0.
    static bool Fits(long inFile, int size) => inFile <= 0 || inFile == size;
}
