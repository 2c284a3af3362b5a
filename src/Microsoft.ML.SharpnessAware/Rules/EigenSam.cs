namespace Microsoft.ML.SharpnessAware;

/// <summary>Eigen-SAM: climbs along ĝ turned towards the leading eigenvector v of the Hessian. Luo et al. 2024, arXiv:2501.12666.</summary>
/// <remarks>As in the authors' code, ε = ρ d is not scaled back to length ρ, and the search for v starts from its last value.</remarks>
/// <param name="Rho">The radius ρ; 0.05 in the authors' program, 0.1 in their example for CIFAR-100.</param>
/// <param name="Alpha">How much of the part of v orthogonal to ĝ is added; the authors' default is 0.2.</param>
/// <param name="Every">Steps from one search for v to the next; the authors' default is 100.</param>
/// <param name="Iterations">Products with the Hessian in a search, of two passes each; the authors have 5.</param>
public sealed record EigenSam(double Rho = 0.05, double Alpha = 0.2, int Every = 100, int Iterations = 5) : SharpnessRule
{
    /// <summary>The radius ρ of the perturbation.</summary>
    public double Rho { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Rho);

    /// <summary>How much of the part of v orthogonal to ĝ is added.</summary>
    public double Alpha { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Alpha);

    /// <summary>Steps from one search for v to the next.</summary>
    public int Every { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Every);

    /// <summary>Products with the Hessian in a search.</summary>
    public int Iterations { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Iterations);

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step)
    {
        var g = step.GradientAt(step.Weights);
        var v = step.IsDueEvery(Every) ? LeadingEigenvector(step) : step.Recall("v")!;
        return step.GradientBeyond(() => step.Scheduled(Rho) * Climb(step.OnlyPerturbed(g), v));
    }

    Tensor Climb(Tensor g, Tensor v) => g.Unit() + Alpha * (g * v).sum().sign() * v.OrthogonalTo(g);

    // By power iteration: of all eigenvalues, the one of largest size.
    Tensor LeadingEigenvector(SamStep step)
    {
        var v = step.Recall("v") ?? step.OnlyPerturbed(step.Gaussian()).Unit();
        for (var i = 0; i < Iterations; i++)
        {
            var product = HessianTimes(step, v);
            v = where(product.norm() > 0, product.Unit(), v);
        }
        step.Remember("v", v);
        return v;
    }

    static Tensor HessianTimes(SamStep step, Tensor v)
    {
        var w = step.Weights;
        var h = w.DifferenceStep();
        return step.OnlyPerturbed(step.GradientDifference(() => w + h * v, () => w - h * v)) / (2 * h);
    }
}
