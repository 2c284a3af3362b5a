using System.CommandLine;
using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>mlnet-sam evaluate: tests a saved model on labelled data.</summary>
static class EvaluateCommand
{
    public static Command Create(ToolConsole console, CancellationToken cancellation)
    {
        var options = new ModelOptions(dataRequired: true);
        Command command = new("evaluate", "Tests a saved model on labelled data: confusion matrix, accuracy, log-loss.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var context = options.ContextIn(parsed);
            using var model = options.Model(parsed, context);
            var columns = model.Classifier.Columns;
            var rows = options.Labelled(parsed, model, console);
            var scored = new CancellableRows(model.Model.Transform(rows), cancellation);
            var leftOut = LeftOut(rows, scored, model.Classifier);
            var metrics = context.MulticlassClassification.Evaluate(scored, columns.Label, columns.Score);
            console.Out.WriteLine(Describe(metrics) + leftOut);
            return ExitCode.Done;
        });
        return command;
    }

    // ML.NET leaves out rows without a key, and says nothing.
    static string LeftOut(IDataView rows, IDataView scored, Classifier model)
    {
        var label = model.Columns.Label;
        // Where the labels are no keys, the evaluation says so.
        if (scored.Schema[label].Type is not KeyDataViewType || scored.Schema[label].Type.RawType != typeof(uint))
            return "";
        var (all, unknown) = (0, 0);
        foreach (var key in scored.GetColumn<uint>(label))
        {
            all++;
            unknown += key == 0 ? 1 : 0;
        }
        if (unknown == 0 && all > 0)
            return "";
        var names = rows.GetColumn<string>(label).Zip(scored.GetColumn<uint>(label)).Where(row => row.Second == 0).Select(row => row.First).Distinct();
        if (all == unknown)
            throw new InvalidDataException($"There is nothing to test on: of {all} rows, none has a label that the model knows. It knows {Listing.OfNames(model.Classes.Names)}. The labels are {Listing.OfNames(names)}.");
        return $"\nLeft out: {unknown} of {all} rows, whose labels the model does not know: {Listing.OfNames(names)}.";
    }

    static string Describe(MulticlassClassificationMetrics metrics) => Invariant($"""
        {metrics.ConfusionMatrix.GetFormattedConfusionTable()}
        MicroAccuracy: {metrics.MicroAccuracy:0.0000}
        MacroAccuracy: {metrics.MacroAccuracy:0.0000}
        LogLoss: {metrics.LogLoss:0.0000}
        """);
}
