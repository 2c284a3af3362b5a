namespace Microsoft.ML.SharpnessAware;

/// <summary>Paints a square with the mean color over every image; its centre is any pixel, so that a part of it may lie outside. DeVries and Taylor 2017, arXiv:1708.04552.</summary>
/// <param name="Size">The length of a side in pixels; 16 by default, which the paper takes for CIFAR-10's images of 32×32.</param>
public sealed record Cutout(int Size = 16)
{
    /// <summary>The length of a side in pixels.</summary>
    public int Size { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Size);

    internal Tensor Apply(Tensor images, Generator random)
    {
        using var scope = NewDisposeScope();
        var (top, left) = (Start(images.shape[2]), Start(images.shape[3]));
        return images.masked_fill(RandomBoxes.Pixels(images, top, left, Size, Size), 0).MoveToOuterDisposeScope();

        Tensor Start(long length) => randint(0, length, [images.shape[0], 1, 1, 1], generator: random) - Size / 2;
    }
}
