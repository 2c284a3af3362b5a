namespace Microsoft.ML.SharpnessAware;

/// <summary>Paints a box of random size with the mean color, anywhere within the image. Zhong et al. 2020, arXiv:1708.04896; the defaults are torchvision's.</summary>
/// <param name="Probability">The share of images that are changed; 0.5 by default.</param>
/// <param name="MinArea">The smallest share of the image; 0.02 by default.</param>
/// <param name="MaxArea">The largest share of the image; 1/3 by default.</param>
/// <param name="MinAspect">The smallest ratio of width to height of the box, and the inverse of the largest; 0.3 by default.</param>
public sealed record RandomErasing(double Probability = 0.5, double MinArea = 0.02, double MaxArea = 1.0 / 3, double MinAspect = 0.3)
{
    /// <summary>The share of images that are changed.</summary>
    public double Probability { get; init => field = Require.Probability(value); } = Require.Probability(Probability);

    /// <summary>The smallest share of the image.</summary>
    public double MinArea { get; init => field = Require.PositiveUpToOne(value); } = Require.PositiveUpToOne(MinArea);

    /// <summary>The largest share of the image.</summary>
    public double MaxArea { get; init => field = Require.PositiveUpToOne(value); } = Require.PositiveUpToOne(MaxArea);

    /// <summary>The smallest ratio of width to height of the box, and the inverse of the largest.</summary>
    public double MinAspect { get; init => field = Require.PositiveUpToOne(value); } = Require.PositiveUpToOne(MinAspect);

    internal Tensor Apply(Tensor images, BatchRandom random)
    {
        using var scope = NewDisposeScope();
        var boxes = RandomBoxes.Draw(images, (MinArea, MaxArea), (MinAspect, 1 / MinAspect), random);
        var painted = boxes.Somewhere(images, random) & random.WithProbability(Probability);
        return images.masked_fill(painted, 0).MoveToOuterDisposeScope();
    }
}

/// <summary>Paints a square with the mean color over every image; its centre is any pixel, so that a part of it may lie outside. DeVries and Taylor 2017, arXiv:1708.04552.</summary>
/// <param name="Size">The length of a side in pixels; 16 by default, the value of the paper for the 32×32 images of CIFAR-10.</param>
public sealed record Cutout(int Size = 16)
{
    /// <summary>The length of a side in pixels.</summary>
    public int Size { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Size);

    internal Tensor Apply(Tensor images, BatchRandom random)
    {
        using var scope = NewDisposeScope();
        var (top, left) = (Start(images.shape[2]), Start(images.shape[3]));
        return images.masked_fill(RandomBoxes.Pixels(images, top, left, Size, Size), 0).MoveToOuterDisposeScope();

        Tensor Start(long length) => random.Integers(length).view(-1, 1, 1, 1) - Size / 2;
    }
}

/// <summary>Boxes within images, of random sizes; tensors [N, 1, 1, 1] in pixels, which need not be whole.</summary>
/// <param name="Height">The heights.</param>
/// <param name="Width">The widths.</param>
/// <param name="Fits">Whether there is a box at all; else the sizes mean nothing.</param>
internal sealed record RandomBoxes(Tensor Height, Tensor Width, Tensor Fits)
{
    // As in torchvision.
    const int Attempts = 10;

    /// <summary>A box for each image: of the first area and aspect (width by height) out of several draws with which it fits into the image.</summary>
    public static RandomBoxes Draw(Tensor images, (double From, double To) area, (double From, double To) aspect, BatchRandom random)
    {
        var (height, width) = (images.shape[2], images.shape[3]);
        var areas = height * width * random.Uniform(area.From, area.To, Attempts);
        var aspects = random.Uniform(Math.Log(aspect.From), Math.Log(aspect.To), Attempts).exp();
        var (heights, widths) = ((areas / aspects).sqrt(), (areas * aspects).sqrt());

        var fits = heights.le(height) & widths.le(width);
        var first = fits.to(ScalarType.Int64).argmax(1, keepdim: true);
        return new(Chosen(heights), Chosen(widths), Chosen(fits));

        Tensor Chosen(Tensor drawn) => drawn.gather(1, first).view(-1, 1, 1, 1);
    }

    /// <summary>Which pixels of the images have their centre in a box, [N, 1, H, W], wherever the boxes may lie in the images.</summary>
    public Tensor Somewhere(Tensor images, BatchRandom random)
    {
        var (height, width) = (images.shape[2], images.shape[3]);
        var top = (height - Height) * random.Uniform(0, 1);
        var left = (width - Width) * random.Uniform(0, 1);
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
