namespace Microsoft.ML.SharpnessAware;

/// <summary>MSAM: takes its only gradient at w − ρ v / ‖v‖, v being the momentum of the optimizer. Becker et al. 2024, arXiv:2401.12033.</summary>
/// <remarks>The base optimizer must have momentum. The first step, which has none yet, is not perturbed.</remarks>
/// <param name="Rho">The radius ρ; the authors' default is 0.3, much more than for <see cref="Sam"/>.</param>
public sealed record MomentumSam(double Rho = 0.3) : SharpnessRule
{
    /// <summary>The radius ρ of the perturbation.</summary>
    public double Rho { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Rho);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The base optimizer has no momentum.</exception>
    public override Tensor Direction(SamStep step)
    {
        if (step.Momentum is { } v)
            return step.GradientBeyond(() => step.OnlyPerturbed(v).OfLength(-step.Scheduled(Rho)));
        return step.Index == 0
            ? step.GradientAt(step.Weights)
            : throw new InvalidOperationException("MomentumSam perturbs the weights along the optimizer's momentum, but the optimizer has none. Set Momentum above 0, as in new Sgd(Momentum: 0.9), or use AdamW.");
    }
}
