using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MlnetSam;

/// <summary>The options of commands that train one model.</summary>
sealed class TrainingOptions
{
    const double MostMinutes = 60 * 24 * 365;

    readonly Option<string> _variant = new("--variant") { HelpName = "NAME", Description = $"The method: {string.Join(", ", RuleNames.All)}.", DefaultValueFactory = _ => nameof(SamVariant.Sam) };
    readonly NumberOption<double> _rho = NumberOption.Radius("--rho", "The radius ρ of the perturbation; the variant's own by default.");
    readonly NumberOption<int> _epochs = NumberOption.Count("--epochs", "The most passes over the rows; by default a number that suits them.");
    readonly NumberOption<int> _freezeEpochs = FreezeEpochs();
    readonly NumberOption<int> _batchSize = NumberOption.Count("--batch-size", "Rows in a step; by default a number that suits them.");
    readonly NumberOption<double> _minutes = new("--minutes", "M", "The most time, in minutes. When it is up, the model is the best so far.", value => value is > 0 and <= MostMinutes, "a number of minutes, more than 0");
    readonly NumberOption<double> _trainTime = new("--train-time", "S", "The same in seconds.", value => value is > 0 and <= 60 * MostMinutes, "a number of seconds, more than 0");
    readonly CommonOptions _common = new();

    public TrainingOptions() => _variant.Validators.Add(result => CommandErrors.Take(result, () => RuleNames.Variant(result.GetValueOrDefault<string>())));

    /// <summary>The option that says which layers are trained.</summary>
    public static NumberOption<int> FreezeEpochs() =>
        new("--freeze-epochs", "N", "Epochs at the beginning that train the last layer alone, 0 for none; by default what suits the network.", value => value is >= 0, "a whole number of 0 or more");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _variant, _rho, _epochs, _freezeEpochs, _batchSize, _minutes, _trainTime })
            command.Add(option);
        _common.AddTo(command);
        command.Validators.Add(CheckTogether);
    }

    public RunSettings Read(ParseResult parsed) => new()
    {
        Sharpness = SamVariants.Rule(RuleNames.Variant(parsed.GetRequiredValue(_variant)), parsed.GetValue(_rho), sharpness: null),
        Epochs = parsed.GetValue(_epochs),
        FreezeEpochs = parsed.GetValue(_freezeEpochs),
        BatchSize = parsed.GetValue(_batchSize),
        Time = parsed.GetValue(_minutes) is { } minutes ? TimeSpan.FromMinutes(minutes) : parsed.GetValue(_trainTime) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Device = _common.DeviceIn(parsed),
        Seed = _common.SeedIn(parsed),
    };

    void CheckTogether(CommandResult result)
    {
        if (result.GetResult(_minutes) is not null && result.GetResult(_trainTime) is not null)
            result.AddError("--minutes and --train-time say the same, in minutes and in seconds: give one of them.");
        // What is no radius at all has an error of its own.
        if (result.GetResult(_rho) is { Tokens: [var text] } && double.TryParse(text.Value, CultureInfo.InvariantCulture, out var rho) && NumberOption.IsRadius(rho) && Names.Find(result.GetRequiredValue(_variant), RuleNames.All) is { } variant)
            CommandErrors.Take(result, () => SamVariants.Rule(RuleNames.Variant(variant), rho, sharpness: null));
    }
}
