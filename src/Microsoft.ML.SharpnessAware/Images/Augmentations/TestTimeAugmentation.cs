namespace Microsoft.ML.SharpnessAware;

/// <summary>The views of an image that are scored. The probabilities of the model are the mean over all of them, as in Krizhevsky et al. 2012, §4.1.</summary>
/// <param name="HorizontalFlip">Whether each view is also mirrored; true by default. Doubles the cost.</param>
/// <param name="Shift">Pixels by which the image is shifted to each of the four corners, over the mean color; 0, the default, for no shifts. Five times the cost.</param>
public sealed record TestTimeAugmentation(bool HorizontalFlip = true, int Shift = 0)
{
    /// <summary>Pixels by which the image is shifted to each of the four corners.</summary>
    public int Shift { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Shift);

    /// <summary>The normalised images [N, C, H, W] in each view, one after the other, in the caller's scope; the first are the images themselves.</summary>
    internal IEnumerable<Tensor> Views(Tensor images)
    {
        var places = Shift == 0 ? [images] : Corners(images).Prepend(images);
        return HorizontalFlip ? places.SelectMany(place => new[] { place, place.flip(3) }) : places;
    }

    /// <summary>How many views there are.</summary>
    internal int Count => (Shift == 0 ? 1 : 5) * (HorizontalFlip ? 2 : 1);

    /// <summary>The same views as operators, along the first axis.</summary>
    internal string AddTo(OnnxGraph graph, string images, ImageShape shape)
    {
        string[] places = Shift == 0 ? [images] : [images, .. Corners(graph, images, shape)];
        return graph.Concat(0, HorizontalFlip ? [.. places.SelectMany(place => new[] { place, graph.Slice(place, axis: 3, -1, long.MinValue, step: -1) })] : places);
    }

    IEnumerable<string> Corners(OnnxGraph graph, string images, ImageShape shape)
    {
        var padded = graph.Pad(images, 0, 0, 0, Shift, Shift, 0, 0, Shift, Shift);
        foreach (var top in new[] { 0, 2 * Shift })
            foreach (var left in new[] { 0, 2 * Shift })
                yield return graph.Slice(graph.Slice(padded, axis: 2, top, top + shape.Height), axis: 3, left, left + shape.Width);
    }

    IEnumerable<Tensor> Corners(Tensor images)
    {
        var padded = nn.functional.pad(images, [Shift, Shift, Shift, Shift]);
        foreach (var top in new[] { 0, 2 * Shift })
            foreach (var left in new[] { 0, 2 * Shift })
                yield return padded.narrow(2, top, images.shape[2]).narrow(3, left, images.shape[3]);
    }
}
