namespace Microsoft.ML.SharpnessAware;

/// <summary>Every image becomes the weighted mean of itself and another of its batch, and its loss that of both labels with the same weights. Zhang et al. 2018, arXiv:1710.09412.</summary>
/// <param name="Alpha">The weights come from the beta distribution with α twice, once for a batch: the smaller, the less is mixed. 0.2 by default, the paper's for ImageNet; 1 for CIFAR-10.</param>
/// <param name="Probability">The share of batches that are mixed; 1 by default.</param>
public sealed record MixUp(double Alpha = 0.2, double Probability = 1) : IMixing
{
    /// <summary>Both parameters of the beta distribution from which the weights come.</summary>
    public double Alpha { get; init => field = Require.Positive(value); } = Require.Positive(Alpha);

    /// <summary>The share of batches that are mixed.</summary>
    public double Probability { get; init => field = Require.Fraction(value); } = Require.Fraction(Probability);

    // Partners are drawn at random, so that the larger weight may as well be the image's own.
    (Tensor Images, double OwnShare) IMixing.Mix(Tensor images, Tensor partners, Generator random)
    {
        var drawn = SymmetricBeta.Draw(Alpha, random);
        var share = Math.Max(drawn, 1 - drawn);
        return (images * share + partners * (1 - share), share);
    }
}
