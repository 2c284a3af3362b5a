namespace Microsoft.ML.SharpnessAware;

/// <summary>CR-SAM: SAM that also reduces the curvature of the loss, estimated from gradients at w + ε, w and w − ε. Wu et al. 2024, arXiv:2312.13555.</summary>
/// <remarks>As in the authors' code, whose differences are taken along the gradient: they measure the curvature in that direction, not the trace of the Hessian as in the paper.</remarks>
/// <param name="Rho">The radius ρ; the authors' default is 0.1.</param>
/// <param name="Gamma">γ, the weight of the curvature (the paper's α); the authors' default is 0.1.</param>
/// <param name="Beta">β, the weight of the slope; 0.01 by default, as in the authors' training program (0.1 in their class).</param>
public sealed record CrSam(double Rho = 0.1, double Gamma = 0.1, double Beta = 0.01) : SharpnessRule
{
    // A difference of losses that is a smaller share of them than this is rounding.
    const double LeastDifference = 1e-6;

    /// <summary>The radius ρ of the perturbation.</summary>
    public double Rho { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Rho);

    /// <summary>The weight of the curvature.</summary>
    public double Gamma { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Gamma);

    /// <summary>The weight of the slope.</summary>
    public double Beta { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Beta);

    /// <summary>What the penalties are divided by: nothing by default, as in the authors' code.</summary>
    public CrSamNormalization Normalization { get; init => field = Require.That(Enum.IsDefined(value), value, "None or Log"); }

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step)
    {
        var g = step.GradientAt(step.Weights);
        var epsilon = step.OnlyPerturbed(g).OfLength(step.Scheduled(Rho));
        var (minus, plus) = (step.GradientBeyond(() => -epsilon), step.GradientBeyond(() => epsilon));
        var (bend, slope) = (plus + minus - 2 * g, plus - minus);
        if (Normalization == CrSamNormalization.None)
            return plus + Gamma * bend + Beta * slope;

        var (loss, lossMinus, lossPlus) = (step.LossOf(g), step.LossOf(minus), step.LossOf(plus));
        var rounding = LeastDifference * (lossPlus.abs() + lossMinus.abs() + 2 * loss.abs());
        return plus + Gamma * OverLoss(bend, lossPlus + lossMinus - 2 * loss) + Beta * OverLoss(slope, lossPlus - lossMinus);

        // Only what is more than 0 has a logarithm.
        Tensor OverLoss(Tensor gradient, Tensor difference) => gradient * where(difference > rounding, 1 / difference, zeros_like(difference));
    }
}

/// <summary>What <see cref="CrSam"/> divides its two penalties by.</summary>
public enum CrSamNormalization
{
    /// <summary>Nothing, as in the authors' code.</summary>
    None,

    /// <summary>The matching differences of losses, which makes them gradients of logarithms, as in the paper.</summary>
    Log,
}
