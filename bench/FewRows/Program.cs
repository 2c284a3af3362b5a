using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Benchmarks;
using FewRows;
using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var data = new Option<DirectoryInfo>("--data") { HelpName = "DIR", Required = true, Description = "A folder with concrete_cracks_CD_UD.zip, the folders text/trec and text/sst2_sentences, in each train.tsv and test.tsv, and the folder fashion_mnist with its authors' files." }.AcceptExistingOnly();
var file = CommonOptions.Results("few-rows.jsonl");
NamesOption taskNames = new("--tasks", "The data sets.", FewTask.All.Select(task => task.Name));
NamesOption startNames = new("--starts", "What training starts from.", Enum.GetNames<Start>());
NamesOption methodNames = new("--methods", "The columns.", Method.All.Select(method => method.Name));
Option<int[]> rowCounts = new("--rows") { HelpName = "N", AllowMultipleArgumentsPerToken = true, Description = "How many rows are trained on; each data set's own numbers by default.", DefaultValueFactory = _ => [] };
var seeds = CommonOptions.Seeds("Runs of each method.");

RootCommand command = new("What trained weights and sharpness-aware rules are worth with few rows.") { data, file, taskNames, startNames, methodNames, rowCounts, seeds };
command.SetAction(CompareMethods);

var defaultsFile = CommonOptions.Results("fine-tuning-defaults.jsonl");
Command defaults = new("defaults", "The defaults of fine-tuning beside other values, on rows that are held out of the training rows.") { data, defaultsFile, taskNames, seeds };
defaults.SetAction(CompareDefaults);
command.Subcommands.Add(defaults);
return command.Parse(args).Invoke();

void CompareMethods(ParseResult parsed)
{
    var results = new ResultFile<Trial>(parsed.GetRequiredValue(file));
    var folder = parsed.GetRequiredValue(data).FullName;
    Method[] methods = [.. Method.All.Where(method => parsed.GetRequiredValue(methodNames).Contains(method.Name))];
    Console.WriteLine($"| data | rows | weights | {string.Join(" | ", methods.Select(method => method.Name))} |\n| --- | --- | --- |{string.Concat(methods.Select(_ => " --- |"))}");
    foreach (var task in FewTask.All.Where(task => parsed.GetRequiredValue(taskNames).Contains(task.Name)))
        foreach (var rows in parsed.GetRequiredValue(rowCounts) is { Length: > 0 } given ? given : task.Rows)
            foreach (var start in parsed.GetRequiredValue(startNames).Select(Enum.Parse<Start>))
                Console.WriteLine($"| {task.Name} | {rows} | {start} | {string.Join(" | ", methods.Select(method => CellOf(task, rows, start, method)))} |");

    string CellOf(FewTask task, int rows, Start start, Method method)
    {
        var best = method.Candidates is [var only] ? only : method.Candidates.MaxBy(rule => NumbersOf(task, task.TunedOn, start, rule, method.Longer, seed: 1, tuning: true)["accuracy"])!;
        var numbers = Enumerable.Range(1, parsed.GetValue(seeds)).Select(seed => NumbersOf(task, rows, start, best, method.Longer, seed, tuning: false)).ToArray();
        var radius = method.Candidates is [_] ? "" : $" {best}";
        return $"{Cell.Of([.. numbers.Select(number => number["accuracy"])])} ({numbers.Average(number => number["seconds"]):0} s){radius}";
    }

    IReadOnlyDictionary<string, double> NumbersOf(FewTask task, int rows, Start start, SharpnessRule rule, double longer, int seed, bool tuning) =>
        results.NumbersOf(new Trial(task.Name, rows, start, $"{rule}", longer, seed, tuning), () =>
        {
            var ml = new MLContext(seed);
            var (train, test) = tuning ? task.LoadToChoose(ml, folder, rows * 4 / 5, heldOut: rows / 5, seed) : task.Load(ml, folder, rows, seed);
            return Run(ml, train, test, task.Options(start, rule, longer, rows), $"{task.Name}, {rows} rows, {start}, {rule}, {longer}×, seed {seed}{(tuning ? ", tuning" : "")}");
        });
}

void CompareDefaults(ParseResult parsed)
{
    var results = new ResultFile<Choice>(parsed.GetRequiredValue(defaultsFile));
    var folder = parsed.GetRequiredValue(data).FullName;
    Console.WriteLine("| data | option | value | accuracy |\n| --- | --- | --- | --- |");
    foreach (var ofTask in Defaults.All.Where(option => parsed.GetRequiredValue(taskNames).Contains(option.Task)).GroupBy(option => (option.Task, option.Start)))
    {
        Console.WriteLine($"| {ofTask.Key.Task} | all | the defaults | {CellOf(ofTask.Key, "", "", _ => { })} |");
        foreach (var option in ofTask)
            foreach (var (value, set) in option.Values)
                Console.WriteLine($"| {option.Task} | {option.Name} | {value} | {CellOf(ofTask.Key, option.Name, value, set)} |");
    }

    string CellOf((string Task, Start Start) of, string option, string value, Action<SamTrainerOptions> set)
    {
        var numbers = Enumerable.Range(1, parsed.GetValue(seeds)).Select(seed => NumbersOf(of.Task, of.Start, option, value, set, seed)).ToArray();
        return $"{Cell.Of([.. numbers.Select(number => number["accuracy"])])} ({numbers.Average(number => number["seconds"]):0} s)";
    }

    IReadOnlyDictionary<string, double> NumbersOf(string taskName, Start start, string option, string value, Action<SamTrainerOptions> set, int seed) =>
        results.NumbersOf(new Choice(taskName, start, option, value, seed), () =>
        {
            var task = FewTask.All.Single(task => task.Name == taskName);
            var (rows, heldOut) = Defaults.RowsOf(taskName);
            var ml = new MLContext(seed);
            var (train, test) = task.LoadToChoose(ml, folder, rows, heldOut, seed);
            var options = task.Options(start, new Plain(), longer: 1, rows);
            set(options);
            return Run(ml, train, test, options, $"{taskName}, {start}, {option}: {value}, seed {seed}");
        });
}

static Dictionary<string, double> Run(MLContext ml, IDataView train, IDataView test, SamTrainerOptions options, string what)
{
    var pipeline = ml.Transforms.Conversion.MapValueToKey(nameof(Row.Label)).Append(FewTask.Trainer(ml, options));
    var watch = Stopwatch.StartNew();
    using var model = pipeline.Fit(train);
    var seconds = watch.Elapsed.TotalSeconds;
    var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(test), nameof(Row.Label)).MicroAccuracy;
    Console.Error.WriteLine($"{what}: {accuracy:0.0000} in {seconds:0} s");
    return new() { ["accuracy"] = accuracy, ["seconds"] = seconds };
}

/// <summary>How a model was trained with one option other than by default; none where it has no name.</summary>
sealed record Choice(string Task, Start Start, string Option, string Value, int Seed);
