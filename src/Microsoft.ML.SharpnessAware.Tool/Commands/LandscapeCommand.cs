using System.CommandLine;

namespace MlnetSam;

/// <summary>mlnet-sam landscape: the loss around a model's weights.</summary>
static class LandscapeCommand
{
    public static Command Create(ToolConsole console, CancellationToken cancellation)
    {
        Option<string> output = new("--output", "-o") { HelpName = "FILE.csv", Description = "Where to write the losses.", DefaultValueFactory = _ => "landscape.csv" };
        NumberOption<int> dimensions = new("--dimensions", "1|2", "How many random directions to look along.", value => value is 1 or 2, "1 or 2", standard: 2);
        NumberOption<int> points = new("--points", "N", "Points along a direction.", value => value >= 2, "a whole number of 2 or more", standard: 21);
        var rows = NumberOption.Count("--rows", "The most rows to measure on.", standard: 1024);
        var options = new ModelOptions(dataRequired: true);

        Command command = new("landscape", "Writes the loss along one or two random directions from a model's weights, filter-normalised, as CSV.") { output, dimensions, points, rows };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var context = options.ContextIn(parsed);
            using var model = options.Model(parsed, context);
            var landscape = context.MulticlassClassification.LossLandscape(model.Model, options.Labelled(parsed, model, console), new LossLandscapeOptions
            {
                Dimensions = parsed.GetValue(dimensions)!.Value,
                Points = parsed.GetValue(points)!.Value,
                Rows = parsed.GetValue(rows),
                Progress = MeasuringLine.On(console),
                CancellationToken = cancellation,
            });
            landscape.WriteCsv(parsed.GetRequiredValue(output));
            console.Out.WriteLine($"Written to {parsed.GetRequiredValue(output)}: {landscape.Alphas.Count * landscape.Betas.Count} losses over {landscape.Rows} rows.");
            return ExitCode.Done;
        });
        return command;
    }
}
