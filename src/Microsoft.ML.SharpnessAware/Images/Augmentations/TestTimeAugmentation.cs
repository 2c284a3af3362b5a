namespace Microsoft.ML.SharpnessAware;

/// <summary>The views of an image in which it is scored. The model's probabilities are the mean over all of them, as in Krizhevsky et al. 2012, §4.1.</summary>
/// <param name="HorizontalFlip">Whether each view is also seen from left to right; true by default, and twice the cost.</param>
/// <param name="Shift">Pixels by which the image is moved to each of the four corners, over the mean color; 0, the default, for the image in its place alone. Five times the cost.</param>
public sealed record TestTimeAugmentation(bool HorizontalFlip = true, int Shift = 0)
{
    /// <summary>Pixels by which the image is moved to each of the four corners.</summary>
    public int Shift { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Shift);

    /// <summary>The normalised images [N, C, H, W] in each view, one after the other, in the caller's scope; the first are the images themselves.</summary>
    internal IEnumerable<Tensor> Views(Tensor images)
    {
        var places = Shift == 0 ? [images] : Corners(images).Prepend(images);
        return HorizontalFlip ? places.SelectMany(place => new[] { place, place.flip(3) }) : places;
    }

    IEnumerable<Tensor> Corners(Tensor images)
    {
        var padded = nn.functional.pad(images, [Shift, Shift, Shift, Shift]);
        foreach (var top in new[] { 0, 2 * Shift })
            foreach (var left in new[] { 0, 2 * Shift })
                yield return padded.narrow(2, top, images.shape[2]).narrow(3, left, images.shape[3]);
    }
}
