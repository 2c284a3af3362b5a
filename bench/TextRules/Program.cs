using System.CommandLine;
using System.Globalization;
using Benchmarks;
using TextRules;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var data = new Option<DirectoryInfo>("--data") { HelpName = "DIR", Required = true, Description = "A folder with the folders trec, sst2_sentences and spamassassin, in each train.tsv and test.tsv." }.AcceptExistingOnly();
var file = CommonOptions.Results("text-rules.jsonl");
NamesOption taskNames = new("--tasks", "The tables, such as --tasks TREC SST-2.", TextTask.All.Select(task => task.Name));
NamesOption methodNames = new("--methods", "Their rows, such as --methods AdamW SAM.", Method.All.Select(method => method.Name));
var seeds = CommonOptions.Seeds("Runs of each method; 0 to choose radii alone.");
Option<int?> epochs = new("--epochs") { HelpName = "N", Description = "Epochs of all methods but the longer ones; each task's own by default." };
var threads = CommonOptions.Threads;

RootCommand command = new("Which rule trains a small transformer best on texts, beside simpler ways to classify them, and how sharp its minima are.") { data, file, taskNames, methodNames, seeds, epochs, threads };
foreach (var option in Settings.Options)
    command.Add(option);
command.SetAction(Compare);
return command.Parse(args).Invoke();

void Compare(ParseResult parsed)
{
    var settings = Settings.From(parsed);
    var folder = parsed.GetRequiredValue(data).FullName;
    var results = new ResultFile<Trial>(parsed.GetRequiredValue(file));
    Method[] methods = [.. Method.All.Where(method => parsed.GetRequiredValue(methodNames).Contains(method.Name))];
    foreach (var task in TextTask.All.Where(task => parsed.GetRequiredValue(taskNames).Contains(task.Name)).Select(task => task with { Epochs = parsed.GetValue(epochs) ?? task.Epochs }))
    {
        Tuning[] tunings = [.. methods.Select(method => Tuned(task, method))];
        Table.WriteTuning(Console.Out, task, tunings);
        var runs =
            from seed in Enumerable.Range(1, parsed.GetValue(seeds))
            from tuning in tunings
            select (tuning.Method, Numbers: NumbersOf(task, tuning.Method, tuning.Best, seed, tuning: false));
        if (parsed.GetValue(seeds) > 0)
            Table.Write(Console.Out, task, tunings, runs.ToLookup(run => run.Method, run => run.Numbers), Texts.MajorityAccuracy(folder, task));
    }

    Tuning Tuned(TextTask task, Method method) => new(method, method.Candidates(settings) switch
    {
        [var only] => [(only, double.NaN)],
        var several => [.. several.Select(setup => (setup, NumbersOf(task, method, setup, 1, tuning: true)["accuracy"]))],
    });

    IReadOnlyDictionary<string, double> NumbersOf(TextTask task, Method method, Setup setup, int seed, bool tuning)
    {
        var trial = Trial.Of(settings, task, method, setup, seed, tuning);
        return results.NumbersOf(trial, () => Run.Of(trial, setup, folder, parsed.GetValue(threads)));
    }
}
