namespace Microsoft.ML.SharpnessAware;

/// <summary>RW-SAM: examples with a large gradient count more in the perturbation, weighted by pᵢ ∝ exp(λ ‖∇ℓᵢ‖). Luo et al. 2025, arXiv:2509.18001.</summary>
/// <remarks>‖∇ℓᵢ‖ is estimated as |ℓᵢ(w + δz) − ℓᵢ(w)| / δ, the elements of z being −1 or 1 with equal probability.</remarks>
/// <param name="Inner">How the weighted gradient becomes ε; <see cref="Sam"/> by default, as in the paper.</param>
/// <param name="Lambda">λ, how much the norms count: 0.5 by default; with 0 all count the same. We could not read the value in the paper.</param>
/// <param name="Probe">The length of δz: 0.5 by default, at which differences of losses are larger than the rounding of float32. We could not read δ in the paper.</param>
public sealed record RwSam(Ascent? Inner = null, double Lambda = 0.5, double Probe = 0.5) : SharpnessRule
{
    /// <summary>How the weighted gradient becomes ε.</summary>
    public Ascent Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>How much the norms count.</summary>
    public double Lambda { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Lambda);

    /// <summary>The length of δz, the perturbation by which the gradient norms are estimated.</summary>
    public double Probe { get; init => field = Require.Positive(value); } = Require.Positive(Probe);

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step)
    {
        var w = step.Weights;
        var g = step.GradientAt(w, ExampleWeights(step, w));
        return step.GradientBeyond(() => Inner.Epsilon(step.Within(nameof(Inner)), g));
    }

    Tensor ExampleWeights(SamStep step, Tensor w)
    {
        var here = step.LossesAt(w);
        var z = step.OnlyPerturbed(step.Signs());
        var delta = Probe / z.norm();
        var norms = (step.LossesAt(() => w + delta * z) - here).abs() / delta;
        return (Lambda * norms).softmax(0);
    }
}
