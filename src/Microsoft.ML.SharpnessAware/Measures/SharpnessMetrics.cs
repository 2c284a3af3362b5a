using System.Globalization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How sharp the loss of a model is around its weights. Measured in evaluation mode on fixed rows by <see cref="Microsoft.ML.SharpnessMeasuresCatalog"/>.</summary>
public sealed class SharpnessMetrics
{
    internal SharpnessMetrics() { }

    /// <summary>How many rows the loss is the mean of.</summary>
    public required int Rows { get; init; }

    /// <summary>The norm in which radii are measured: 2 or infinity.</summary>
    public required double P { get; init; }

    /// <summary>Rows in a group of m-sharpness; null if that was left out.</summary>
    public int? M { get; init; }

    /// <summary>The mean cross-entropy L(w).</summary>
    public required double Loss { get; init; }

    /// <summary>‖∇L(w)‖₂.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Sharpness within ‖ε‖ ≤ ρ.</summary>
    public required SharpnessAtRadius Sharpness { get; init; }

    /// <summary>Sharpness within ‖ε/|w|‖ ≤ ρ, which does not change when the weights are rescaled without changing the function.</summary>
    public required SharpnessAtRadius AdaptiveSharpness { get; init; }

    /// <summary>The Hessian's algebraically largest eigenvalues, the largest first.</summary>
    public required IReadOnlyList<HessianEigenvalue> Eigenvalues { get; init; }

    /// <summary>The Hessian's trace; null if left out.</summary>
    public Estimate? Trace { get; init; }

    /// <summary>CR-SAM's normalized trace, Tr(H) / ‖∇L(w)‖; null if the trace was left out.</summary>
    public Estimate? NormalizedTrace => Trace is { } trace ? new(trace.Value / GradientNorm, trace.StandardError / GradientNorm) : null;

    /// <summary>gᵀHg / ‖g‖², the curvature along the gradient g; null if the trace was left out. Divided by <see cref="GradientNorm"/>, it is what CR-SAM's code uses as its normalized trace.</summary>
    public double? CurvatureAlongGradient { get; init; }

    /// <summary>Whether products with the Hessian were central differences of gradients, in place of a second differentiation.</summary>
    public required bool HessianByDifferences { get; init; }

    /// <summary>All numbers as a table, in the invariant culture.</summary>
    public override string ToString()
    {
        var lines = new List<string>
        {
            Line("Loss", Number(Loss), $"over {Rows} rows"),
            Line("Gradient norm", Number(GradientNorm)),
            Line("Sharpness, " + (P == 2 ? "2-norm" : "∞-norm"), $"ρ = {Plain(Sharpness.Rho)}", $"adaptive, ρ = {Plain(AdaptiveSharpness.Rho)}"),
            Both("  one step", s => Number(s.OneStep)),
            Both("  worst case", s => Number(s.WorstCase)),
            Both($"  average case, σ = {Plain(Sharpness.AverageDeviation)} / {Plain(AdaptiveSharpness.AverageDeviation)}", s => s.AverageCase?.ToString()),
            Both($"  one step, groups of {M}", s => Number(s.OneStepOfGroups)),
            Both($"  worst case, groups of {M}", s => Number(s.WorstCaseOfGroups)),
            Line("Hessian" + (HessianByDifferences ? ", by differences" : ""), Eigenvalues.Count == 0 && Trace is null ? null : ""),
            Line("  largest eigenvalues", Eigenvalues.Count > 0 ? string.Join(", ", Eigenvalues.Select(e => Number(e.Value))) : null),
            Line("  trace", Trace?.ToString()),
            Line("  trace / gradient norm", NormalizedTrace?.ToString()),
            Line("  along the gradient", Number(CurvatureAlongGradient)),
        };
        return string.Join('\n', lines.Where(line => line.Length > 0));
    }

    string Both(string name, Func<SharpnessAtRadius, string?> measure) => Line(name, measure(Sharpness), measure(AdaptiveSharpness));

    static string Line(string name, string? value, string? second = "") => value is null ? "" : $"{name,-34}{value,-22}{second}".TrimEnd();

    static string? Number(double? value) => value is { } number ? SignificantDigits.Of(number, 4) : null;

    static string Plain(double value) => Invariant($"{value}");
}

/// <summary>Numbers with as many digits as people want to see, in the invariant culture.</summary>
internal static class SignificantDigits
{
    /// <summary>The number to so many digits that count, without an exponent where that takes no long row of zeros.</summary>
    public static string Of(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value))
            return Invariant($"{value}");
        var magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return magnitude is >= -5 and < 7
            ? value.ToString($"F{Math.Max(0, digits - 1 - magnitude)}", CultureInfo.InvariantCulture)
            : value.ToString($"E{digits - 1}", CultureInfo.InvariantCulture);
    }
}

/// <summary>A mean over random draws, and its standard error.</summary>
/// <param name="Value">The mean of the draws.</param>
/// <param name="StandardError">The standard deviation of the draws divided by the root of their number; NaN for a single draw.</param>
public readonly record struct Estimate(double Value, double StandardError)
{
    internal static Estimate Of(IReadOnlyCollection<double> draws)
    {
        var mean = draws.Average();
        var squares = draws.Sum(draw => (draw - mean) * (draw - mean));
        return new(mean, Math.Sqrt(squares / (draws.Count - 1) / draws.Count));
    }

    /// <summary>Both numbers, in the invariant culture.</summary>
    public override string ToString() => $"{SignificantDigits.Of(Value, 4)} ± {SignificantDigits.Of(StandardError, 2)}";
}

/// <summary>An estimated eigenvalue of the Hessian.</summary>
/// <param name="Value">The eigenvalue λ.</param>
/// <param name="Residual">‖Hv − λv‖ for the unit vector v that belongs to it: the Hessian has an eigenvalue that differs from <paramref name="Value"/> by no more than this.</param>
public readonly record struct HessianEigenvalue(double Value, double Residual)
{
    /// <summary>Both numbers, in the invariant culture.</summary>
    public override string ToString() => $"{SignificantDigits.Of(Value, 4)} (residual {SignificantDigits.Of(Residual, 2)})";
}

/// <summary>The rise of the loss within a radius of the weights.</summary>
public sealed record SharpnessAtRadius
{
    internal SharpnessAtRadius() { }

    /// <summary>The radius ρ.</summary>
    public required double Rho { get; init; }

    /// <summary>max L(w + ε) − L(w) to first order: ε as in <see cref="Sam"/>, or, adaptive, as in <see cref="Asam"/> with T = |w| for every parameter.</summary>
    public required double OneStep { get; init; }

    /// <summary>max L(w + ε) − L(w), found by projected ascent. No less than <see cref="OneStep"/>.</summary>
    public required double WorstCase { get; init; }

    /// <summary>E L(w + ε) − L(w), ε normal with <see cref="AverageDeviation"/>; null if left out.</summary>
    public Estimate? AverageCase { get; init; }

    /// <summary>The standard deviation of each weight's ε in the average case; adaptive, in units of the weight.</summary>
    public required double AverageDeviation { get; init; }

    /// <summary>m-sharpness in one step: the mean of <see cref="OneStep"/> over groups of m rows; null if left out.</summary>
    public double? OneStepOfGroups { get; init; }

    /// <summary>m-sharpness: the mean of <see cref="WorstCase"/> over groups of m rows; null if left out.</summary>
    public double? WorstCaseOfGroups { get; init; }
}
