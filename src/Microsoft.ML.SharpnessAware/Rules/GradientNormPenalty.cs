namespace Microsoft.ML.SharpnessAware;

/// <summary>GNP: penalises ‖∇L‖, which leads to a mixture of g and the perturbed gradient. Zhao et al. 2022, arXiv:2202.03599.</summary>
/// <param name="Inner">How ε is found; <see cref="Sam"/> by default, as in the paper.</param>
/// <param name="Alpha">The share of the perturbed gradient; 0.8 in the authors' recipes, 0 is the base optimizer and 1 <see cref="Inner"/> itself.</param>
public sealed record GradientNormPenalty(Ascent? Inner = null, double Alpha = 0.8) : SharpnessRule
{
    /// <summary>How ε is found.</summary>
    public Ascent Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>The share of the perturbed gradient.</summary>
    public double Alpha { get; init => field = Require.Probability(value); } = Require.Probability(Alpha);

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step)
    {
        var g = step.GradientAt(step.Weights);
        var p = step.GradientBeyond(() => Inner.Epsilon(step.Within(nameof(Inner)), g));
        return g + Alpha * (p - g);
    }
}
