using System.CommandLine;

namespace MlnetSam;

/// <summary>mlnet-sam sharpness: how sharp a model's minimum is.</summary>
static class SharpnessCommand
{
    public static Command Create(ToolConsole console, CancellationToken cancellation)
    {
        var rho = NumberOption.Radius("--rho", "The radius ρ within which the loss is looked at.", standard: 0.05);
        var adaptiveRho = NumberOption.Radius("--adaptive-rho", "The same in units of each weight.", standard: 0.5);
        var rows = NumberOption.Count("--rows", "The most rows to measure on.", standard: 1024);
        var options = new ModelOptions(dataRequired: true);

        Command command = new("sharpness", "Measures how sharp the minimum is that a model was trained into; on the training data, as a rule.") { rho, adaptiveRho, rows };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var context = options.ContextIn(parsed);
            using var model = options.Model(parsed, context);
            console.Out.WriteLine(context.MulticlassClassification.EvaluateSharpness(model.Model, options.Labelled(parsed, model, console), new SharpnessOptions
            {
                Rho = parsed.GetValue(rho)!.Value,
                AdaptiveRho = parsed.GetValue(adaptiveRho)!.Value,
                Rows = parsed.GetValue(rows),
                Progress = MeasuringLine.On(console),
                CancellationToken = cancellation,
            }));
            return ExitCode.Done;
        });
        return command;
    }
}
