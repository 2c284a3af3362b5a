namespace Microsoft.ML.SharpnessAware;

/// <summary>AE-SAM: climbs in steps where ‖g‖² is large compared with its running mean μ, more often towards the end of the run. Jiang et al. 2023, arXiv:2304.14647.</summary>
/// <remarks>The first step sets μ = ‖g‖², σ² = 0, and climbs.</remarks>
/// <param name="Inner">How ε is found; <see cref="Sam"/> by default, as in the paper.</param>
/// <param name="Lambda1">How many σ above μ the threshold for ‖g‖² is at the end of the run; -1 by default.</param>
/// <param name="Lambda2">How many σ above μ it is at the beginning; 1 by default.</param>
/// <param name="Delta">The share of μ and σ² that is kept each step; 0.9 by default.</param>
public sealed record AdaptiveSam(Ascent? Inner = null, double Lambda1 = -1, double Lambda2 = 1, double Delta = 0.9) : SharpnessRule
{
    /// <summary>How ε is found.</summary>
    public Ascent Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>How many σ above μ the threshold for ‖g‖² is at the end of the run; below, if negative.</summary>
    public double Lambda1 { get; init => field = Finite(value, nameof(Lambda1)); } = Finite(Lambda1, nameof(Lambda1));

    /// <summary>How many σ above μ the threshold for ‖g‖² is at the beginning of the run; below, if negative.</summary>
    public double Lambda2 { get; init => field = Finite(value, nameof(Lambda2)); } = Finite(Lambda2, nameof(Lambda2));

    /// <summary>The share of μ and σ² that is kept each step.</summary>
    public double Delta { get; init => field = Require.Probability(value); } = Require.Probability(Delta);

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step)
    {
        var g = step.GradientAt(step.Weights);
        return IsSteep(step, g) ? step.GradientBeyond(() => Inner.Epsilon(step.Within(nameof(Inner)), g)) : g;
    }

    bool IsSteep(SamStep step, Tensor g)
    {
        var norm = g.norm().to(ScalarType.Float64).item<double>();
        var square = norm * norm;
        var mu = Moved(step.RecallNumber("mu") ?? square, square);
        var variance = Moved(step.RecallNumber("variance") ?? 0, (square - mu) * (square - mu));
        step.Remember("mu", mu);
        step.Remember("variance", variance);

        var done = step.Epoch / step.Epochs;
        var c = done * Lambda1 + (1 - done) * Lambda2;
        return square >= mu + c * Math.Sqrt(variance);
    }

    // Exact where there is no way to go, as in the first step.
    double Moved(double mean, double value) => mean + (1 - Delta) * (value - mean);

    static double Finite(double value, string name) => Require.That(double.IsFinite(value), value, "finite", name);
}
