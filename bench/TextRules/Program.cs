using System.Globalization;
using Benchmarks;
using TextRules;

// Which rule trains a small transformer best on texts, beside simpler ways to classify them, and how sharp its minima are.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var settings = new Settings();
var (data, file, taskNames, methodNames, seeds, threads) = ("", Path.Combine("artifacts", "text-rules.jsonl"), "", "", 3, 0);
int? epochs = null;
TextTask[] tasks;
Method[] methods;
try
{
    foreach (var pair in args.Chunk(2))
    {
        var (option, value) = (pair[0], pair is [_, var given] ? given : throw new ArgumentException($"{pair[0]} lacks its value."));
        switch (option)
        {
            case "--data": data = value; break;
            case "--results": file = value; break;
            case "--tasks": taskNames = value; break;
            case "--methods": methodNames = value; break;
            case "--seeds": seeds = Settings.Whole(value); break;
            case "--epochs": epochs = Settings.Whole(value); break;
            case "--threads": threads = Settings.Whole(value); break;
            default: settings = settings.With(option, value); break;
        }
    }
    tasks = TextTask.All.Named(taskNames, task => task.Name);
    methods = Method.All(settings).Named(methodNames, method => method.Name);
    if (!Directory.Exists(data))
        throw new ArgumentException("--data must be a folder with the texts.");
}
catch (Exception fault) when (fault is ArgumentException or FormatException)
{
    Console.Error.WriteLine($"{fault.Message}\n\n{Settings.Usage}");
    return 2;
}

var results = new ResultFile<Trial>(file);
foreach (var task in tasks.Select(task => task with { Epochs = epochs ?? task.Epochs }))
{
    Tuning[] tunings = [.. methods.Select(method => Tuned(task, method))];
    Table.WriteTuning(Console.Out, task, tunings);
    var runs =
        from seed in Enumerable.Range(1, seeds)
        from tuning in tunings
        select (tuning.Method, Numbers: NumbersOf(task, tuning.Method, tuning.Best, seed, tuning: false));
    if (seeds > 0)
        Table.Write(Console.Out, task, tunings, runs.ToLookup(run => run.Method, run => run.Numbers), Texts.MajorityAccuracy(data, task));
}
return 0;

Tuning Tuned(TextTask task, Method method) => new(method, method.Candidates is [var only]
    ? [(only, double.NaN)]
    : [.. method.Candidates.Select(setup => (setup, NumbersOf(task, method, setup, 1, tuning: true)["accuracy"]))]);

IReadOnlyDictionary<string, double> NumbersOf(TextTask task, Method method, Setup setup, int seed, bool tuning)
{
    var trial = Trial.Of(settings, task, method, setup, seed, tuning);
    return results.NumbersOf(trial, () => Run.Of(trial, setup, data, threads));
}
