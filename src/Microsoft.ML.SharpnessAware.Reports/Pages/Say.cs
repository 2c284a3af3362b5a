using System.Globalization;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>Numbers and times as people want to read them, in the invariant culture.</summary>
internal static class Say
{
    public static string Percent(double? share) => share is { } value && double.IsFinite(value) ? Invariant($"{100 * value:0.0} %") : "–";

    /// <summary>The number to so many digits that count, without zeros at the end.</summary>
    public static string Number(double? number, int digits = 4)
    {
        if (number is not { } value)
            return "–";
        if (value == 0 || !double.IsFinite(value))
            return Invariant($"{value}");
        var magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return magnitude is >= -4 and < 6
            ? value.ToString($"0.{new string('#', Math.Max(0, digits - 1 - magnitude))}", CultureInfo.InvariantCulture)
            : value.ToString($"0.{new string('#', digits - 1)}e+0", CultureInfo.InvariantCulture);
    }

    public static string Estimate(Estimate? estimate) => estimate is { } value ? $"{Number(value.Value)} ± {Number(value.StandardError, digits: 2)}" : "–";

    public static string Count(int count, string one, string? many = null) => Invariant($"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    public static string Time(TimeSpan time) => time.TotalHours >= 1 ? Invariant($"{(int)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1 ? Invariant($"{time.Minutes} min {time.Seconds} s")
        : Invariant($"{time.TotalSeconds:0.0} s");
}
