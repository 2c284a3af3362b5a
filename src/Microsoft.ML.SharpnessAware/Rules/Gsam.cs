namespace Microsoft.ML.SharpnessAware;

/// <summary>GSAM: also subtracts the part of g orthogonal to the perturbed gradient p, which reduces the gap between the two losses. Zhuang et al. 2022, arXiv:2203.08065.</summary>
/// <param name="Inner">How ε is found; <see cref="Sam"/> by default, as in the paper.</param>
/// <param name="Alpha">How much of that part is subtracted; the authors' PyTorch code has 0.4, 0 is <see cref="Inner"/> itself.</param>
public sealed record Gsam(Ascent? Inner = null, double Alpha = 0.4) : SharpnessRule
{
    /// <summary>How ε is found.</summary>
    public Ascent Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>How much of the part of g orthogonal to p is subtracted.</summary>
    public double Alpha { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Alpha);

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step)
    {
        var g = step.GradientAt(step.Weights);
        var p = step.GradientBeyond(() => Inner.Epsilon(step.Within(nameof(Inner)), g));
        return p - Alpha * (g - p).OrthogonalTo(p);
    }
}
