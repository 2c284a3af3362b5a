using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Allocator;
using Benchmarks;
using Microsoft.ML.SharpnessAware;
using Speed.Steps;

const int WarmUp = 3;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Option<string> file = new("--results") { HelpName = "FILE", Description = "Where measurements are gathered, and found when run again.", DefaultValueFactory = _ => Path.Combine("artifacts", "allocator.jsonl") };
Option<int> rounds = new("--rounds") { HelpName = "N", Description = "Measurements of each step with each setting.", DefaultValueFactory = _ => 4 };
string[] workNames = [.. Work.All.Select(work => work.Name)];
string[] settingNames = [.. Setting.All.Select(setting => setting.Name)];
NamesOption chosenWorks = new("--works", "The steps, such as --works \"MiniLM, SAM\".", workNames);
NamesOption chosenSettings = new("--settings", "What is asked of the allocator, such as --settings \"as it is\" trim.", settingNames);
Argument<string> workName = new("work") { HelpName = "WORK" };
Argument<string> settingName = new("setting") { HelpName = "SETTING" };
workName.AcceptOnlyFromAmong(workNames);
settingName.AcceptOnlyFromAmong(settingNames);
Command measure = new("measure", "One step with one setting.") { workName, settingName };
measure.SetAction(parsed => Console.Write(string.Join(' ', Measure(
    Work.All.Single(work => work.Name == parsed.GetRequiredValue(workName)),
    Setting.All.Single(setting => setting.Name == parsed.GetRequiredValue(settingName))))));

RootCommand command = new("What a training step costs in time, memory and page faults, by what glibc's allocator does with freed memory. Each measurement is a process of its own, settings in turn.") { file, rounds, chosenWorks, chosenSettings, measure };
command.SetAction(Compare);
return command.Parse(args).Invoke();

void Compare(ParseResult parsed)
{
    var results = new ResultFile<Trial>(parsed.GetRequiredValue(file));
    Work[] works = [.. Work.All.Where(work => parsed.GetRequiredValue(chosenWorks).Contains(work.Name))];
    Setting[] settings = [.. Setting.All.Where(setting => parsed.GetRequiredValue(chosenSettings).Contains(setting.Name))];
    int[] all = [.. Enumerable.Range(1, parsed.GetValue(rounds))];
    foreach (var round in all)
        foreach (var work in works)
            foreach (var setting in settings)
                NumbersOf(work, setting, round);

    Console.WriteLine("| step | allocator | ms: median (least to most) | over as it is | CPU time, ms | of it the kernel's | page faults | peak memory, MB |\n| --- | --- | --- | --- | --- | --- | --- | --- |");
    foreach (var work in works)
        foreach (var setting in settings)
            Console.WriteLine(Row(work, setting));

    IReadOnlyDictionary<string, double> NumbersOf(Work work, Setting setting, int round) => results.NumbersOf(new Trial(work.Name, setting.Name, round), () =>
    {
        var numbers = Array.ConvertAll(Run("measure", work.Name, setting.Name).Split(' '), double.Parse);
        return new Dictionary<string, double> { ["ms"] = numbers[0], ["cpu"] = numbers[1], ["system"] = numbers[2], ["faults"] = numbers[3], ["peak"] = numbers[4] };
    });

    string Row(Work work, Setting setting)
    {
        var ms = Numbers(work, setting, "ms");
        var ratios = ms.Zip(Numbers(work, Setting.All[0], "ms"), (a, b) => a / b);
        return $"| {work.Name} | {setting.Name} | {Median(ms):0.0} ({ms.Min():0.0} to {ms.Max():0.0}) | {Median(ratios):0.00} | {Of("cpu"):0} | {Of("system"):0} | {Of("faults"):N0} | {Of("peak"):N0} |";

        double Of(string name) => Median(Numbers(work, setting, name));
    }

    double[] Numbers(Work work, Setting setting, string name) => Array.ConvertAll(all, round => NumbersOf(work, setting, round)[name]);
}

static double[] Measure(Work work, Setting setting)
{
    setting.Apply();
    set_num_threads(Environment.ProcessorCount);
    if (!work.OnWorker)
        return Steps(work);
    return Task.Run(() => Steps(work)).GetAwaiter().GetResult();
}

// Of a step: milliseconds, those of CPU time, those of them in the kernel, page faults; and the most memory that was resident.
static double[] Steps(Work work)
{
    using var network = work.Network();
    network.train();
    using var inputs = work.Inputs();
    using var labels = work.Labels(inputs.shape[0]);
    using var step = work.Begin(network);
    var times = new List<double>();
    var before = Spent();
    for (var i = 0; i < WarmUp + work.Steps; i++)
    {
        if (i == WarmUp)
            before = Spent();
        var watch = Stopwatch.StartNew();
        step.Run(new SameBatch(inputs, labels), new StepMoment { Seed = i });
        if (i >= WarmUp)
            times.Add(watch.Elapsed.TotalMilliseconds);
    }
    var spent = Spent().Zip(before, (after, before) => (after - before) / work.Steps);
    return [Median(times), .. spent, Process.GetCurrentProcess().PeakWorkingSet64 / 1e6];
}

static double[] Spent()
{
    using var process = Process.GetCurrentProcess();
    // The tenth field of the line, whose second, a name, may have spaces in it.
    var faults = double.Parse(File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ')[7]);
    return [process.TotalProcessorTime.TotalMilliseconds, process.PrivilegedProcessorTime.TotalMilliseconds, faults];
}

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToArray();
    return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
}

static string Run(params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}.");
}

/// <summary>One measurement.</summary>
sealed record Trial(string Work, string Setting, int Round);
