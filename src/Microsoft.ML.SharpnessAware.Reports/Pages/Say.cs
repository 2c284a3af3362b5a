using System.Globalization;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>Numbers and times as people want to read them, in the invariant culture.</summary>
internal static class Say
{
    public static string Percent(double? share) => share is { } value && double.IsFinite(value) ? Invariant($"{100 * value:0.0} %") : "–";

    /// <summary>Four digits that count.</summary>
    public static string Number(double? number) => number switch
    {
        null => "–",
        0 => "0",
        { } value when !double.IsFinite(value) => Invariant($"{value}"),
        { } value when Math.Abs(value) is >= 1e-4 and < 1e6 => value.ToString(Math.Abs(value) >= 1000 ? "0" : $"0.{new string('#', Math.Max(0, 3 - (int)Math.Floor(Math.Log10(Math.Abs(value)))))}", CultureInfo.InvariantCulture),
        { } value => value.ToString("0.###e+0", CultureInfo.InvariantCulture),
    };

    public static string Estimate(Estimate? estimate) => estimate is { } value ? $"{Number(value.Value)} ± {Number(value.StandardError)}" : "–";

    public static string Count(int count, string one, string? many = null) => Invariant($"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    public static string Time(TimeSpan time) => time.TotalHours >= 1 ? Invariant($"{(int)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1 ? Invariant($"{time.Minutes} min {time.Seconds} s")
        : Invariant($"{time.TotalSeconds:0.0} s");
}
