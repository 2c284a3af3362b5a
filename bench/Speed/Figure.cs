namespace Speed;

/// <summary>A number of the table, as it came out in each round.</summary>
/// <param name="What">What is divided by what, or what is counted.</param>
/// <param name="Where">On which network and rows.</param>
/// <param name="Rounds">The number in each round.</param>
/// <param name="Aim">What it should not exceed; null where there is no aim.</param>
/// <param name="Detail">What the ratio is made of.</param>
sealed record Figure(string What, string Where, double[] Rounds, double? Aim = null, string Detail = "")
{
    public const string Head = "| figure | where | median | quartiles | aim | | |\n| --- | --- | --- | --- | --- | --- | --- |";

    public double Median => Quantile(Rounds, 0.5);

    public override string ToString() =>
        $"| {What} | {Where} | {Text(Median)} | {Text(Quantile(Rounds, 0.25))} to {Text(Quantile(Rounds, 0.75))} | {(Aim is { } aim ? $"≤ {Text(aim)}" : "")} | {(Aim is null ? "" : Median <= Aim ? "met" : "missed")} | {Detail} |";

    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }

    static string Text(double value) => Math.Abs(value) >= 100 ? $"{value:N0}" : $"{value:0.00}";
}
