using System.CommandLine;

namespace MlnetSam;

/// <summary>What the commands that train a model do.</summary>
static class TrainCommand
{
    // More would be broken into several lines.
    const int MostClassesOfTable = 10;

    public static int Run(ParseResult parsed, ToolConsole console, TrainingOptions training, OutputOptions output, CancellationToken cancellation, ClassificationTask task)
    {
        var settings = training.Read(parsed);
        var folder = output.Folder(parsed, task.Dataset);
        var display = RunDisplay.On(console);
        using var log = output.Log(parsed, console, display);

        var run = new Training(task, settings, display, log, TimeProvider.System, cancellation).Run();
        using var model = run.Model as IDisposable;
        folder.Write(run);
        if (output.Report(parsed) is { } report)
            Write(report, folder, run, log, cancellation);

        log.Result(run.Data.Classes.Count <= MostClassesOfTable ? run.Metrics.ConfusionMatrix.GetFormattedConfusionTable() : $"\nThe confusion matrix of the {run.Data.Classes.Count} classes is in {folder.Name}.run.json.\n");
        log.Result(Invariant($"Accuracy {run.Metrics.MicroAccuracy:0.0000} on {run.Data.TestRows} {task.Rows} that it was not trained on; mean of the classes {run.Metrics.MacroAccuracy:0.0000}, log-loss {run.Metrics.LogLoss:0.0000}"));
        log.Result(folder.Guide(run));
        return ExitCode.Done;
    }

    // The model is written by then, and who waited for it wants to know how good it is.
    static void Write(HtmlReportOptions report, ModelFolder folder, ModelRun run, RunLog log, CancellationToken cancellation)
    {
        try
        {
            folder.Write(report, run, log, cancellation);
        }
        catch (OperationCanceledException)
        {
            log.Result("Stopped. The report was not written.");
        }
    }
}
