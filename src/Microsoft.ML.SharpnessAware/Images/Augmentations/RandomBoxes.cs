namespace Microsoft.ML.SharpnessAware;

/// <summary>Boxes within images, of random sizes; tensors [N, 1, 1, 1] in pixels, which need not be whole.</summary>
/// <param name="Height">The heights.</param>
/// <param name="Width">The widths.</param>
/// <param name="Fits">Whether there is a box at all; else the sizes mean nothing.</param>
internal sealed record RandomBoxes(Tensor Height, Tensor Width, Tensor Fits)
{
    // As in torchvision.
    const int Attempts = 10;

    /// <summary>A box for each image: of the first area and aspect (width by height) out of several draws with which it fits into the image.</summary>
    public static RandomBoxes Draw(Tensor images, (double From, double To) area, (double From, double To) aspect, Generator random)
    {
        var (count, height, width) = (images.shape[0], images.shape[2], images.shape[3]);
        var areas = height * width * Draws(area.From, area.To);
        var aspects = Draws(Math.Log(aspect.From), Math.Log(aspect.To)).exp();
        var (heights, widths) = ((areas / aspects).sqrt(), (areas * aspects).sqrt());

        var fits = heights.le(height) & widths.le(width);
        var first = fits.to(ScalarType.Int64).argmax(1, keepdim: true);
        return new(Chosen(heights), Chosen(widths), Chosen(fits));

        Tensor Draws(double from, double to) => rand([count, Attempts], generator: random) * (to - from) + from;

        Tensor Chosen(Tensor drawn) => drawn.gather(1, first).view(count, 1, 1, 1);
    }

    /// <summary>Which pixels of the images have their centre in a box, [N, 1, H, W], wherever the boxes may lie in the images.</summary>
    public Tensor Somewhere(Tensor images, Generator random)
    {
        var (count, height, width) = (images.shape[0], images.shape[2], images.shape[3]);
        var top = (height - Height) * PerExample.Uniform(count, 0, 1, random);
        var left = (width - Width) * PerExample.Uniform(count, 0, 1, random);
        return Pixels(images, top, left, Height, Width) & Fits;
    }

    /// <summary>Which pixels of the images have their centre in the boxes given, [N, 1, H, W].</summary>
    public static Tensor Pixels(Tensor images, Tensor top, Tensor left, Tensor height, Tensor width)
    {
        var y = arange(images.shape[2]).view(1, 1, -1, 1) + 0.5;
        var x = arange(images.shape[3]).view(1, 1, 1, -1) + 0.5;
        return y.ge(top) & y.lt(top + height) & x.ge(left) & x.lt(left + width);
    }
}
