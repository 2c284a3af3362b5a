using System.CommandLine;
using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>mlnet-sam evaluate: tests a saved model on labelled data.</summary>
static class EvaluateCommand
{
    public static Command Create(ToolConsole console)
    {
        var options = new ModelOptions(dataRequired: true);
        Command command = new("evaluate", "Tests a saved model on labelled data: confusion matrix, accuracy, log-loss.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var context = options.ContextIn(parsed);
            using var model = options.Model(parsed, context);
            var metrics = context.MulticlassClassification.Evaluate(model.Model.Transform(options.Labelled(parsed, model)), model.Classifier.Columns.Label, model.Classifier.Columns.Score);
            console.Out.WriteLine(Describe(metrics));
            return ExitCode.Done;
        });
        return command;
    }

    static string Describe(MulticlassClassificationMetrics metrics) => Invariant($"""
        {metrics.ConfusionMatrix.GetFormattedConfusionTable()}
        MicroAccuracy: {metrics.MicroAccuracy:0.0000}
        MacroAccuracy: {metrics.MacroAccuracy:0.0000}
        LogLoss: {metrics.LogLoss:0.0000}
        """);
}
