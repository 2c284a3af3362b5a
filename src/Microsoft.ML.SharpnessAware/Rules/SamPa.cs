namespace Microsoft.ML.SharpnessAware;

/// <summary>SAMPa: both gradients are taken at points that are known before the step, so that they can be computed in parallel. Xie et al. 2024, arXiv:2410.10683.</summary>
/// <remarks>
/// As in the authors' code, the perturbed gradient is that of the last batch, as is its perturbation, and the first step is that of the
/// base optimizer. Unlike in their code, λ = 0 works.
/// </remarks>
/// <param name="Rho">The radius ρ; the authors' default is 0.1.</param>
/// <param name="Lambda">λ, the share of the gradient at the look-ahead point in the direction; the authors' default is 0.2.</param>
public sealed record SamPa(double Rho = 0.1, double Lambda = 0.2) : SharpnessRule
{
    /// <summary>The radius ρ of the perturbation.</summary>
    public double Rho { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Rho);

    /// <summary>The share of the gradient at the look-ahead point in the direction.</summary>
    public double Lambda { get; init => field = Require.Probability(value); } = Require.Probability(Lambda);

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step) =>
        step.LastBatch is not null && step.Recall("g") is { } g ? Direction(step, g) : Remembered(step, step.GradientAt(step.Weights));

    // g is the gradient that the last step found ahead, at y, on its batch.
    Tensor Direction(SamStep step, Tensor g)
    {
        var ahead = step.GradientAt(step.Ahead(g));
        var perturbed = step.LastBatch!.GradientBeyond(() => step.OnlyPerturbed(g).OfLength(step.Scheduled(Rho)));
        return (1 - Lambda) * perturbed + Lambda * Remembered(step, ahead);
    }

    static Tensor Remembered(SamStep step, Tensor g)
    {
        step.Remember("g", g);
        return g;
    }
}
