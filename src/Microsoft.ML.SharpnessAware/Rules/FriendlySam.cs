namespace Microsoft.ML.SharpnessAware;

/// <summary>F-SAM: climbs along the noise of the batch, g minus its running mean m. Li et al. 2024, arXiv:2403.12350.</summary>
/// <remarks>As in the authors' code, m is the mean up to the last step, and the first step climbs along g.</remarks>
/// <param name="Inner">How the noise becomes ε; <see cref="Sam"/> by default, as in the paper.</param>
/// <param name="Sigma">How much of the mean is subtracted; the authors' default is 1.</param>
/// <param name="Lambda">The share of the mean that is kept each step; the authors' default is 0.9.</param>
public sealed record FriendlySam(Ascent? Inner = null, double Sigma = 1, double Lambda = 0.9) : Ascent
{
    // Below this share of ‖g‖ the noise is rounding, and climbing along it would be climbing anywhere.
    const double LeastNoise = 1e-6;

    /// <summary>How the noise becomes ε.</summary>
    public Ascent Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>How much of the mean gradient is subtracted.</summary>
    public double Sigma { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Sigma);

    /// <summary>The share of the mean that is kept each step.</summary>
    public double Lambda { get; init => field = Require.Probability(value); } = Require.Probability(Lambda);

    /// <summary>Whether to use the order printed in the paper: m, starting from 0, is updated with g before it is subtracted. False by default.</summary>
    public bool PaperOrder { get; init; }

    /// <inheritdoc/>
    protected override Tensor Find(SamStep step, Tensor g)
    {
        var old = step.Recall("m");
        var m = (old, PaperOrder) switch
        {
            (null, false) => g,
            (null, true) => (1 - Lambda) * g,
            _ => (Lambda * old).add_(g, alpha: 1 - Lambda),
        };
        step.Remember("m", m);

        var mean = PaperOrder ? m : old;
        return Inner.Epsilon(step.Within(nameof(Inner)), mean is null ? g : Noise(g, mean));
    }

    Tensor Noise(Tensor g, Tensor mean)
    {
        var noise = (-Sigma * mean).add_(g);
        var isRounding = (noise.norm() < LeastNoise * g.norm()).to(g.dtype);
        return noise.addcmul_(g, isRounding, 1);
    }
}
