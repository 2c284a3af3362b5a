using System.CommandLine;
using System.Globalization;
using Benchmarks;
using LabelNoise;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var data = new Option<DirectoryInfo>("--data") { HelpName = "DIR", Required = true, Description = "Fashion-MNIST: the four files *-ubyte.gz of its authors." }.AcceptExistingOnly();
var file = CommonOptions.Results("label-noise.jsonl");
NamesOption names = new("--methods", "The columns of the table, such as --methods SGD SAM.", Method.All.Select(method => method.Name));
var seeds = CommonOptions.Seeds("Runs of each method.");
var threads = CommonOptions.Threads;

RootCommand command = new("Which method learns best from labels of which some are wrong, and how sharp its minima are.") { data, file, names, seeds, threads };
foreach (var option in Settings.Options)
    command.Add(option);
command.SetAction(Compare);
return command.Parse(args).Invoke();

void Compare(ParseResult parsed)
{
    var settings = Settings.From(parsed);
    var folder = parsed.GetRequiredValue(data).FullName;
    var results = new ResultFile<Trial>(parsed.GetRequiredValue(file));
    Method[] methods = [.. Method.All.Where(method => parsed.GetRequiredValue(names).Contains(method.Name))];
    var runs =
        from seed in Enumerable.Range(1, parsed.GetValue(seeds))
        from method in methods
        let trial = new Trial(settings, method.Name, method.Rule(settings).ToString(), seed)
        select (method.Name, Numbers: results.NumbersOf(trial, () => Run.Of(settings, method, seed, folder, parsed.GetValue(threads))));

    Table.Write(Console.Out, settings, methods, runs.ToLookup(run => run.Name, run => run.Numbers));
}
