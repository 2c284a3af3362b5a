using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MlnetSam;

/// <summary>The options that say which runs are compared.</summary>
sealed class TrialOptions
{
    readonly Option<SamVariant[]> _variants = new("--variants")
    {
        HelpName = "NAMES",
        Description = $"The methods, separated by commas: {string.Join(", ", RuleNames.All)}.",
        DefaultValueFactory = _ => [SamVariant.Plain, SamVariant.Sam, SamVariant.Asam],
        CustomParser = result => Items(result, RuleNames.Variant),
    };

    readonly Option<double[]> _rhos = new("--rho")
    {
        HelpName = "NUMBERS",
        Description = "The radii ρ, separated by commas, which all methods but Plain take; by default each method's own.",
        DefaultValueFactory = _ => [],
        CustomParser = result => Items(result, Radius),
    };

    readonly NumberOption<int> _seeds = NumberOption.Count("--seeds", "Runs of each method with each radius.", standard: 3);
    readonly NumberOption<int> _epochs = NumberOption.Count("--epochs", "The epochs of each run, so that all take equally many steps; by default a number that suits the rows.");
    readonly NumberOption<double> _minutes = new("--minutes", "M", "The minutes that each run trains, in place of --epochs: methods whose steps take longer take fewer.", value => value is > 0 and < 1e6, "a number of minutes, more than 0");
    readonly NumberOption<int> _freezeEpochs = TrainingOptions.FreezeEpochs();
    readonly NumberOption<int> _batchSize = NumberOption.Count("--batch-size", "Rows in a step; by default a number that suits them.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _variants, _rhos, _seeds, _epochs, _freezeEpochs, _minutes, _batchSize })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_epochs) is not null && result.GetResult(_minutes) is not null)
                result.AddError("--epochs compares with equal steps, --minutes in equal time: give one of them.");
        });
    }

    public IReadOnlyList<SamTrial> TrialsIn(ParseResult parsed) =>
        SamTrial.Grid(parsed.GetRequiredValue(_variants).Distinct(), [.. parsed.GetRequiredValue(_rhos).Distinct()], parsed.GetValue(_seeds)!.Value, parsed.GetValue(_epochs));

    /// <summary>The time of each run; null for equal steps.</summary>
    public TimeSpan? TimeIn(ParseResult parsed) => parsed.GetValue(_minutes) is { } minutes ? TimeSpan.FromMinutes(minutes) : null;

    public int? FreezeEpochsIn(ParseResult parsed) => parsed.GetValue(_freezeEpochs);

    public int? BatchSizeIn(ParseResult parsed) => parsed.GetValue(_batchSize);

    static T[] Items<T>(ArgumentResult result, Func<string, T> parse)
    {
        T[] items = [];
        CommandErrors.Take(result, () => items = [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(parse)]);
        return items;
    }

    static double Radius(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rho) && NumberOption.IsRadius(rho)
        ? rho
        : throw new ArgumentException($"--rho must be numbers of 0 or more, separated by commas, but one was '{text}'.");
}
