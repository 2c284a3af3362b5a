using System.Globalization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The results of a comparison: a row for each method and radius, over all seeds.</summary>
public sealed class ComparisonTable
{
    ComparisonTable(IReadOnlyList<ComparisonRow> rows) => Rows = rows;

    /// <summary>The rows, in the order in which their first results came.</summary>
    public IReadOnlyList<ComparisonRow> Rows { get; }

    /// <summary>The table of these results.</summary>
    /// <exception cref="ArgumentNullException">There are no results to speak of.</exception>
    /// <exception cref="ArgumentException">Two are of one method, radius and seed.</exception>
    public static ComparisonTable Of(IEnumerable<SamTrialResult> results)
    {
        var all = Require.NotNull(results).ToArray();
        if (all.GroupBy(result => (result.Trial.Variant, result.Trial.Rho, result.Trial.Seed)).FirstOrDefault(same => same.Skip(1).Any()) is { Key: var (variant, rho, seed) })
            throw new ArgumentException(Invariant($"There are several results of {variant} with Rho = {rho?.ToString(CultureInfo.InvariantCulture) ?? "null"} and Seed = {seed?.ToString(CultureInfo.InvariantCulture) ?? "null"}. A table is of one comparison, which has one: give its results alone."), nameof(results));
        var plain = all.Where(result => result.Trial.Variant == SamVariant.Plain).ToLookup(result => result.Trial.Seed, result => result.MicroAccuracy);
        return new ComparisonTable(
        [
            .. from result in all
               group result by (result.Trial.Variant, result.Trial.Rho) into row
               select new ComparisonRow(row.Key.Variant, row.Key.Rho, [.. row])
               {
                   GainOverPlain = row.Key.Variant == SamVariant.Plain ? null : MeanAndDeviation.OfAny(row.SelectMany(result => plain[result.Trial.Seed].Select(accuracy => result.MicroAccuracy - accuracy))),
               },
        ]);
    }

    /// <summary>The table as text, in the invariant culture: means and standard deviations over the seeds.</summary>
    public override string ToString()
    {
        string[] head = ["variant", "rho", "seeds", "accuracy", "gain over Plain", "macro accuracy", "log-loss", "epochs", "seconds"];
        string[][] lines = [head, .. Rows.Select(Cells)];
        var widths = head.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        return string.Join('\n', lines.Select(line => string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }

    static string[] Cells(ComparisonRow row) =>
    [
        row.Variant.ToString(),
        row.Rho is { } rho ? Invariant($"{rho}") : "",
        Invariant($"{row.Results.Count}"),
        row.MicroAccuracy.ToString(),
        row.GainOverPlain is { } gain ? (gain.Mean >= 0 ? "+" : "") + gain : "",
        row.MacroAccuracy.ToString(),
        row.LogLoss.ToString(),
        Invariant($"{row.Results.Average(result => result.Epochs):0.#}"),
        Invariant($"{row.Results.Average(result => result.Seconds):0.0}"),
    ];
}

/// <summary>A method with a radius, over all seeds.</summary>
/// <param name="Variant">The method.</param>
/// <param name="Rho">The radius; null for the method's own.</param>
/// <param name="Results">A result for each seed.</param>
public sealed record ComparisonRow(SamVariant Variant, double? Rho, IReadOnlyList<SamTrialResult> Results)
{
    /// <summary>The share of the test rows that are classified correctly.</summary>
    public MeanAndDeviation MicroAccuracy => MeanAndDeviation.Of(Results.Select(result => result.MicroAccuracy));

    /// <summary>The mean of that share over the classes.</summary>
    public MeanAndDeviation MacroAccuracy => MeanAndDeviation.Of(Results.Select(result => result.MacroAccuracy));

    /// <summary>The mean cross-entropy of the test rows.</summary>
    public MeanAndDeviation LogLoss => MeanAndDeviation.Of(Results.Select(result => result.LogLoss));

    /// <summary>How much higher the accuracy is than that of <see cref="SamVariant.Plain"/> with the same seed; null for that itself, and where there is none.</summary>
    public MeanAndDeviation? GainOverPlain { get; internal init; }
}

/// <summary>A mean, and how far single values are from it.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation of a sample, with n − 1; NaN for a single value.</param>
public readonly record struct MeanAndDeviation(double Mean, double Deviation)
{
    internal static MeanAndDeviation Of(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var mean = all.Average();
        return new(mean, all.Length == 1 ? double.NaN : Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1)));
    }

    internal static MeanAndDeviation? OfAny(IEnumerable<double> values) => values.ToArray() is { Length: > 0 } all ? Of(all) : null;

    /// <summary>Both numbers to four decimals, in the invariant culture.</summary>
    public override string ToString() => double.IsNaN(Deviation) ? Invariant($"{Mean:0.0000}") : Invariant($"{Mean:0.0000} ± {Deviation:0.0000}");
}
