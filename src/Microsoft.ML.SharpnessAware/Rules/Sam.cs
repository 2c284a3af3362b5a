namespace Microsoft.ML.SharpnessAware;

/// <summary>SAM: ε = ρ g / ‖g‖, the direction of steepest ascent with p-norm ρ. Foret et al. 2021, arXiv:2010.01412, eq. 2.</summary>
/// <param name="Rho">The radius ρ; the paper's default is 0.05.</param>
/// <param name="P">The norm in which ρ is measured: 1 to infinity, both included; the paper's default is 2.</param>
public sealed record Sam(double Rho = 0.05, double P = 2) : Ascent
{
    /// <summary>The radius ρ of the perturbation.</summary>
    public double Rho { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Rho);

    /// <summary>The norm in which ρ is measured.</summary>
    public double P { get; init => field = Norm(value); } = Norm(P);

    /// <inheritdoc/>
    protected override Tensor Find(SamStep step, Tensor g) => g.Steepest(P, step.Scheduled(Rho));

    static double Norm(double value) => Require.That(value >= 1, value, "1 or more (double.PositiveInfinity for the largest element)", nameof(P));
}
