namespace Microsoft.ML.SharpnessAware;

/// <summary>Gathers images and decodes them side by side.</summary>
internal sealed class ImageIntake(ImageModel model, Func<ImageCell> image) : IRowIntake
{
    readonly List<ImageCell> _cells = [];

    public void Add() => _cells.Add(image());

    public IScorableRows Take()
    {
        var images = DecodedImages.Of(model, _cells);
        _cells.Clear();
        return images;
    }
}
