namespace Microsoft.ML.SharpnessAware;

/// <summary>WSAM: sharpness as a term of the loss, L + a (L(w + ε) − L), a = γ / (1 − γ). Yue et al. 2023, arXiv:2305.15817.</summary>
/// <param name="Inner">How ε is found; <see cref="Sam"/> by default, as in the paper.</param>
/// <param name="Gamma">γ, from 0 to less than 1; the authors' default is 0.9, which gives sharpness nine times the weight of the loss.</param>
/// <param name="Decoupled">Whether the gradient of the sharpness term bypasses the base optimizer and is only scaled by the learning rate; true by default, as in the paper.</param>
public sealed record WeightedSam(Ascent? Inner = null, double Gamma = 0.9, bool Decoupled = true) : SharpnessRule
{
    /// <summary>How ε is found.</summary>
    public Ascent Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>γ: 0 is the base optimizer, and 0.5 without <see cref="Decoupled"/> is <see cref="Inner"/> itself.</summary>
    public double Gamma { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Gamma);

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step)
    {
        var g = step.GradientAt(step.Weights);
        var p = step.GradientBeyond(() => Inner.Epsilon(step.Within(nameof(Inner)), g));
        var sharpness = Gamma / (1 - Gamma) * (p - g);
        if (!Decoupled)
            return g + sharpness;
        step.AddDecoupledUpdate(sharpness);
        return g;
    }
}
