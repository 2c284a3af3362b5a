namespace Microsoft.ML.SharpnessAware;

/// <summary>After δ-SAM: examples whose gradient changes fast count more in the perturbation. Experimental: the weighting is a reconstruction. Zhou et al. 2022, arXiv:2112.08772.</summary>
/// <remarks>
/// We could not read the equations of the paper. It is known that each example is weighted by how its gradient changes, estimated from
/// three forward passes under Gaussian perturbations. Here the weight of example i is aᵢ ∝ |ℓᵢ(w + δz) + ℓᵢ(w − δz) − 2ℓᵢ(w)|, z ~ N(0, I),
/// and ε is taken along Σ aᵢ ∇ℓᵢ(w).
/// </remarks>
/// <param name="Inner">How the weighted gradient becomes ε; <see cref="Sam"/> by default.</param>
/// <param name="Probe">The length of δz; 0.5 by default, at which differences of losses are larger than the rounding of float32.</param>
public sealed record DeltaSam(Ascent? Inner = null, double Probe = 0.5) : SharpnessRule
{
    /// <summary>How the weighted gradient becomes ε.</summary>
    public Ascent Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>The length of δz, the perturbation by which the curvature of the losses is estimated.</summary>
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
        var z = step.OnlyPerturbed(step.Gaussian()).OfLength(Probe);
        var bend = (step.LossesAt(() => w + z) + step.LossesAt(() => w - z) - 2 * here).abs();
        var sum = bend.sum();
        return where(sum == 0, ones_like(bend) / step.Examples, bend / sum);
    }
}
