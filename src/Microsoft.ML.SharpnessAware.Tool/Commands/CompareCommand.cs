using System.CommandLine;

namespace MlnetSam;

/// <summary>mlnet-sam compare: trains with several methods, radii and seeds on one split of the data.</summary>
static class CompareCommand
{
    public static Command Create(ToolConsole console, CancellationToken cancellation)
    {
        Option<string> dataset = new("--dataset") { HelpName = "PATH", Required = true, Description = "A folder with a folder of images for each class, or a file of texts." };
        Option<string?> test = new("--test", "--test-dataset") { HelpName = "PATH", Description = "The data to test on; by default a fifth of the others, the same for all runs." };
        Option<string?> network = new("--network") { HelpName = "NAME", Description = "The network, as the commands image and text have it; by default one with fresh weights that suits the data." };
        Option<string?> weights = new("--weights") { HelpName = "PATH", Description = "Trained weights to start from; needs --network." };
        Option<string> output = new("--output", "-o") { HelpName = "FILE", Description = "Where results are gathered, a line of JSON for each run; runs that are in it are not made again.", DefaultValueFactory = _ => "compare.jsonl" };
        Option<string?> log = new("--log-file-path") { HelpName = "FILE", Description = "A file to which all that is logged is appended." };
        var (columns, trials, common) = (new TextColumnOptions(required: false), new TrialOptions(), new CommonOptions());

        Command command = new("compare", "Trains with several methods, radii and seeds on one split of the data, with equal steps or in equal time, and shows mean and standard deviation of each.") { dataset, test };
        columns.AddTo(command);
        command.Add(network);
        command.Add(weights);
        trials.AddTo(command);
        common.AddTo(command);
        command.Add(output);
        command.Add(log);
        CommandErrors.WeightsNeedNetwork(command, weights, network);
        command.SetAction(parsed =>
        {
            var (path, testPath, name, start) = (parsed.GetRequiredValue(dataset), parsed.GetValue(test), parsed.GetValue(network), parsed.GetValue(weights));
            ClassificationTask task = File.Exists(path)
                ? columns.Task(parsed, path, testPath, NetworkNames.TextNetwork(name ?? nameof(TextTransformer), start), start)
                : new ImageTask { Dataset = path, TestDataset = testPath, Network = name is null ? null : NetworkNames.ImageNetwork(name, start), StartsFresh = true };
            var display = RunDisplay.On(console);
            using var lines = new RunLog(console, display, Verbosity.Quiet, parsed.GetValue(log));
            return Compare(task, trials, parsed, common, parsed.GetRequiredValue(output), display, lines, cancellation);
        });
        return command;
    }

    static int Compare(ClassificationTask task, TrialOptions settings, ParseResult parsed, CommonOptions common, string file, RunDisplay display, RunLog log, CancellationToken cancellation)
    {
        var context = common.ContextIn(parsed);
        log.ListenTo(context);
        var data = task.Load(context, common.SeedIn(parsed), log.Warn);
        log.Result(data.Describe(task.Rows));

        var options = task.NewOptions(data, common.DeviceIn(parsed));
        options.FreezeBackboneEpochs = settings.FreezeEpochsIn(parsed);
        options.BatchSize = settings.BatchSizeIn(parsed);
        options.Progress = display;
        options.CancellationToken = cancellation;
        var trials = settings.TrialsIn(parsed);
        var comparison = new SamComparison(context, trial => task.Pipeline(context, trial.ApplyTo(options)), data.Train, data.Test)
        {
            LabelColumnName = task.Label,
            ResultFile = file,
            Subject = SubjectOf(task, data, options, common.SeedIn(parsed)),
            Progress = new ResultLines(log, trials.Count),
            CancellationToken = cancellation,
        };
        try
        {
            var results = display.During(() => comparison.Run(settings.TimeIn(parsed) is { } time ? comparison.WithEqualTime(time, trials) : trials));
            var table = ComparisonTable.Of(results);
            log.Result($"\n{table}\n\n{Verdict.Of(table)}");
            return ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            log.Result($"Stopped. The results so far are in {file}; the same command goes on from there.");
            return ExitCode.Cancelled;
        }
    }

    static string SubjectOf(ClassificationTask task, DataSplit data, SamTrainerOptions options, int seed)
    {
        var shared = string.Join(", ", CSharpValue.ChangedIn(options).Select(option => $"{option.Name} = {option.Value}"));
        var test = task.TestDataset is null ? "" : $", tested on {Path.GetFullPath(task.TestDataset)}";
        return $"{Path.GetFullPath(task.Dataset)}{test} ({data.Describe(task.Rows).TrimEnd('.')}; split by seed {seed}; {shared})";
    }
}

/// <summary>A line for each result.</summary>
sealed class ResultLines(RunLog log, int runs) : IProgress<SamTrialResult>
{
    int _done;

    public void Report(SamTrialResult value)
    {
        var rho = value.Trial.Rho is { } radius ? Invariant($", ρ {radius}") : "";
        log.Result(Invariant($"{++_done} of {runs}: {value.Trial.Variant}{rho}, seed {value.Trial.Seed}: accuracy {value.MicroAccuracy:0.0000}, log-loss {value.LogLoss:0.0000}, {value.Epochs} epochs, {value.Passes:0.##} passes a step, {value.Seconds:0} s"));
    }
}

/// <summary>What a table says about the question whether a method helps.</summary>
static class Verdict
{
    public static string Of(ComparisonTable table)
    {
        if (table.Rows.Where(row => row.GainOverPlain is not null).MaxBy(row => row.GainOverPlain!.Value.Mean) is not { GainOverPlain: { } gain } best)
            return "To see whether a method helps, compare it with Plain: --variants plain,sam.";
        var name = best.Rho is { } rho ? Invariant($"{best.Variant} with ρ {rho}") : best.Variant.ToString();
        var seeds = best.Results.Count;
        if (seeds == 1)
            return $"With one seed nothing can be said of the difference between {name} and Plain: give --seeds 3 or more.";
        if (gain.Mean <= 0)
            return "No method was better than Plain on average.";
        return gain.Mean < gain.Deviation
            ? $"{name} was best, {gain} above Plain over {seeds} seeds: less than seeds differ among themselves."
            : $"{name} was best, {gain} above Plain over {seeds} seeds. It was chosen by the test rows; expect a little less on others.";
    }
}
