namespace Microsoft.ML.SharpnessAware;

/// <summary>LookSAM: climbs in the first of every K steps, and in the others adds to g the orthogonal part that this step found. Liu et al. 2022, arXiv:2203.02714.</summary>
/// <param name="Inner">How ε is found; <see cref="Sam"/> by default, as in the paper.</param>
/// <param name="K">Steps from one climb to the next; 5 by default.</param>
/// <param name="Alpha">The length of the added part relative to ‖g‖; 0.7 by default.</param>
public sealed record LookSam(Ascent? Inner = null, int K = 5, double Alpha = 0.7) : SharpnessRule
{
    // Below this share of the gradient, what lies across it is rounding, and has no direction.
    const double LeastAcross = 1e-6;

    /// <summary>How ε is found.</summary>
    public Ascent Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>Steps from one climb to the next; 1 is <see cref="Inner"/> itself.</summary>
    public int K { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, K);

    /// <summary>The length of the added part relative to ‖g‖.</summary>
    public double Alpha { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Alpha);

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step)
    {
        var g = step.GradientAt(step.Weights);
        if (!step.IsDueEvery(K))
            return step.Recall("g_v")!.OfLength(Alpha * g.norm()).add_(g);

        var p = step.GradientBeyond(() => Inner.Epsilon(step.Within(nameof(Inner)), g));
        step.Remember("g_v", Across(g, p));
        return p;
    }

    // The part of p across g; of p − g, which is nothing where p is g.
    static Tensor Across(Tensor g, Tensor p)
    {
        var across = (p - g).OrthogonalTo(g);
        return where(across.norm() < LeastAcross * p.norm(), zeros_like(across), across);
    }
}
