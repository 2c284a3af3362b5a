namespace Microsoft.ML.SharpnessAware;

/// <summary>Random changes to training images that do not change their class: a shift, and a reflection. As in He et al. 2016, arXiv:1512.03385, §4.2.</summary>
/// <param name="CropPadding">Pixels of the mean color put around an image before a piece of the old size is cut out at random; 0 shifts nothing.</param>
/// <param name="HorizontalFlip">Whether every second image, at random, is turned left to right. Turn it off where left and right tell classes apart, as in letters and digits.</param>
public sealed record Augmentation(int CropPadding = 4, bool HorizontalFlip = true)
{
    /// <summary>Pixels of the mean color around an image, from which a piece of the old size is cut.</summary>
    public int CropPadding { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, CropPadding);

    /// <summary>The normalised images [N, C, H, W], each changed in its own way; a new tensor.</summary>
    internal Tensor Apply(Tensor images, long seed)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)seed);
        var (count, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        var top = randint(0, 2 * CropPadding + 1, [count, 1, 1], generator: random);
        var left = randint(0, 2 * CropPadding + 1, [count, 1, 1], generator: random);
        var mirrored = randint(0, HorizontalFlip ? 2 : 1, [count, 1, 1], generator: random);

        var y = arange(height).view(1, height, 1) + top;
        var x = arange(width).view(1, 1, width);
        x = x + mirrored * (width - 1 - 2 * x) + left;
        var source = y * (width + 2 * CropPadding) + x;

        var padded = nn.functional.pad(images, [CropPadding, CropPadding, CropPadding, CropPadding]);
        return padded.view(count, channels, -1)
            .gather(2, source.view(count, 1, -1).expand(count, channels, height * width))
            .view(count, channels, height, width)
            .MoveToOuterDisposeScope();
    }
}
