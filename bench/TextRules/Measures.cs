using System.Globalization;
using Microsoft.ML.SharpnessAware;

namespace TextRules;

/// <summary>What is measured of a minimum, by the names that it has in the table.</summary>
static class Measures
{
    public static SharpnessOptions Options => new()
    {
        Rows = 256,
        M = null,
        AscentSteps = 10,
        AverageDraws = 0,
        Eigenvalues = 1,
        LanczosSteps = 20,
        TraceProbes = 0,
    };

    public static IEnumerable<(string Name, double Value)> Of(SharpnessMetrics metrics) =>
    [
        ("training loss", metrics.Loss),
        (At("one step", metrics.Sharpness), metrics.Sharpness.OneStep),
        (At("worst case", metrics.Sharpness), metrics.Sharpness.WorstCase),
        (At("adaptive worst case", metrics.AdaptiveSharpness), metrics.AdaptiveSharpness.WorstCase),
        ("Hessian eigenvalue", metrics.Eigenvalues[0].Value),
    ];

    static string At(string kind, SharpnessAtRadius sharpness) => string.Create(CultureInfo.InvariantCulture, $"{kind}, ρ = {sharpness.Rho}");
}
