using System.Globalization;

namespace Benchmarks;

/// <summary>A cell of a table: mean ± standard deviation, with as many decimals as mean something.</summary>
static class Cell
{
    const double Rounding = 1e-12;

    public static string Of(double[] values)
    {
        var mean = values.Average();
        if (values.Length < 2)
            return Text(mean, Decimals(mean, 4));
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        var decimals = deviation <= Rounding * Math.Abs(mean) ? Decimals(mean, 4) : Decimals(deviation, 2);
        return $"{Text(mean, decimals)} ± {Text(deviation, decimals)}";
    }

    // How many decimals show so many digits that count.
    static int Decimals(double value, int digits) =>
        value == 0 || !double.IsFinite(value) ? 0 : Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 9);

    static string Text(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
}
