namespace Microsoft.ML.SharpnessAware;

/// <summary>Paints a box of random size with the mean color, anywhere within the image. Zhong et al. 2020, arXiv:1708.04896; the defaults are torchvision's.</summary>
/// <param name="Probability">The share of images that it happens to; 0.5 by default.</param>
/// <param name="MinArea">The least share of the image; 0.02 by default.</param>
/// <param name="MaxArea">The largest share of the image; 1/3 by default.</param>
/// <param name="MinAspect">The least width by height of the box, and the inverse of the largest; 0.3 by default.</param>
public sealed record RandomErasing(double Probability = 0.5, double MinArea = 0.02, double MaxArea = 1.0 / 3, double MinAspect = 0.3)
{
    /// <summary>The share of images that it happens to.</summary>
    public double Probability { get; init => field = Require.Fraction(value); } = Require.Fraction(Probability);

    /// <summary>The least share of the image.</summary>
    public double MinArea { get; init => field = Require.Share(value); } = Require.Share(MinArea);

    /// <summary>The largest share of the image.</summary>
    public double MaxArea { get; init => field = Require.Share(value); } = Require.Share(MaxArea);

    /// <summary>The least width by height of the box, and the inverse of the largest.</summary>
    public double MinAspect { get; init => field = Require.Share(value); } = Require.Share(MinAspect);

    internal Tensor Apply(Tensor images, Generator random)
    {
        using var scope = NewDisposeScope();
        var boxes = RandomBoxes.Draw(images, (MinArea, MaxArea), (MinAspect, 1 / MinAspect), random);
        var painted = boxes.Somewhere(images, random) & PerExample.WithProbability(images.shape[0], Probability, random);
        return images.masked_fill(painted, 0).MoveToOuterDisposeScope();
    }
}
