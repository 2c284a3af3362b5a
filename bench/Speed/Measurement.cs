using System.Text.Json;

namespace Speed;

/// <summary>Numbers by name, one for each round, as a process of its own measures them.</summary>
sealed class Measurement
{
    readonly Dictionary<string, List<double>> _numbers = [];

    /// <summary>Lets this program measure something in another process.</summary>
    /// <param name="what">What to measure, as words of the command line.</param>
    /// <param name="settings">How.</param>
    public static Measurement InProcess(string what, Settings settings)
    {
        using var worker = Worker.OfThisProgram(["measure", .. what.Split(' '), "--rounds", $"{settings.Rounds}", "--threads", $"{settings.Threads}"]);
        return Parse(worker.Finish());
    }

    /// <summary>A number of a round; those before round 0 are a warm-up, and do not count.</summary>
    public void Add(int round, string name, double value)
    {
        if (round < 0)
            return;
        if (!_numbers.TryGetValue(name, out var values))
            _numbers[name] = values = [];
        values.Add(value);
    }

    public double[] Of(string name) => [.. _numbers[name]];

    /// <summary>The ratio of two that are measured in milliseconds, round by round.</summary>
    public Figure Ratio(string what, string where, string over, string under, double? aim)
    {
        var (a, b) = (Of(over), Of(under));
        return new(what, where, [.. a.Zip(b, (x, y) => x / y)], aim, $"{Figure.Quantile(a, 0.5):0.00} ÷ {Figure.Quantile(b, 0.5):0.00} ms");
    }

    public override string ToString() => JsonSerializer.Serialize(_numbers);

    static Measurement Parse(string json)
    {
        var measurement = new Measurement();
        foreach (var (name, values) in JsonSerializer.Deserialize<Dictionary<string, double[]>>(json)!)
            measurement._numbers[name] = [.. values];
        return measurement;
    }
}
