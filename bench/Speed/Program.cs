using System.CommandLine;
using System.Globalization;
using Benchmarks;
using Speed;
using Speed.Steps;
using Speed.Together;
using Speed.Wholes;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] workloads = [.. Workload.All.Concat(Workload.ForGpu).Select(workload => workload.Name)];
Option<bool> quick = new("--quick") { Description = "One round of few networks, in some four minutes." };
Option<int> rounds = new("--rounds") { HelpName = "N", Description = "How often each contestant has its turn; 3 by default, 1 with --quick." };
Option<FileInfo> output = new("--output") { HelpName = "FILE", Description = "Where the table is written as well." };
Option<string> device = new("--device") { HelpName = "DEVICE", Description = "What computes steps: cpu, the default, or cuda, with the networks that keep a GPU busy.", DefaultValueFactory = _ => "cpu" };
device.AcceptOnlyFromAmong("cpu", "cuda");
NamesOption chosenSets = new("--figures", "What is measured.", Enum.GetNames<Figures>());
NamesOption chosenWorkloads = new("--workloads", "The networks that steps are taken on.", workloads);
RootCommand command = new("What training and scoring cost beside a plain TorchSharp loop, PyTorch and ONNX Runtime: ratios of one run, contestants in turn.") { quick, rounds, output, device, chosenSets, chosenWorkloads, CommonOptions.Threads, StepsCommand(), TogetherCommand(), MeasureCommand() };
command.SetAction(Compare);
return command.Parse(args).Invoke();

static int ThreadsOf(ParseResult parsed) => parsed.GetValue(CommonOptions.Threads) is > 0 and var threads ? threads : Environment.ProcessorCount;

void Compare(ParseResult parsed)
{
    var isQuick = parsed.GetValue(quick);
    var settings = new Settings(parsed.GetValue(rounds) is > 0 and var given ? given : isQuick ? 1 : 3, ThreadsOf(parsed), PyTorchLoop.FindPython(), parsed.GetRequiredValue(device));
    Workload[] all = settings.Device == "cpu" ? Workload.All : [.. Workload.All, .. Workload.ForGpu];
    var isLeftOpen = parsed.GetRequiredValue(chosenWorkloads).Length == workloads.Length;
    Workload[] chosen = [.. all.Where(one => parsed.GetRequiredValue(chosenWorkloads).Contains(one.Name) && (one.IsQuick || !isQuick))];
    using var table = new Table(parsed.GetValue(output), settings);
    foreach (var set in parsed.GetRequiredValue(chosenSets).Select(Enum.Parse<Figures>))
        foreach (var figure in Of(set))
            table.Add(figure);

    IEnumerable<Figure> Of(Figures set) => set switch
    {
        Figures.Peers => chosen.Where(one => one.PlainNetwork is not null).SelectMany(new StepFigures(settings).OverPeers),
        Figures.Rules => chosen.Where(one => one.Name.StartsWith("resnet20", StringComparison.Ordinal)).SelectMany(new StepFigures(settings).OverPlain),
        Figures.Switches => chosen.Where(one => one.IsQuick || !isLeftOpen).SelectMany(new StepFigures(settings).Switched),
        Figures.Scoring => ScoringFigures.Models.Where(one => one.IsQuick || !isQuick).SelectMany(model => ScoringFigures.Of(model, settings)),
        Figures.Epochs => EpochFigures.All(settings),
        Figures.Memory => MemoryFigures.All(settings),
        _ => GrowthFigures.All(settings, isQuick),
    };
}

// The processes that the table is measured in.
Command StepsCommand()
{
    Argument<string> contestant = new("contestant");
    Argument<string> workload = new("workload");
    Option<bool> keeps = new("--keep");
    contestant.AcceptOnlyFromAmong([.. Contestant.All.Select(one => one.Name)]);
    workload.AcceptOnlyFromAmong(workloads);
    Command steps = new("steps", "Takes the steps that lines of the input ask for.") { contestant, workload, keeps, device, CommonOptions.Threads };
    steps.Hidden = true;
    steps.SetAction(parsed => Contestant.All.Single(one => one.Name == parsed.GetRequiredValue(contestant))
        .Serve(Workload.All.Concat(Workload.ForGpu).Single(one => one.Name == parsed.GetRequiredValue(workload)), ThreadsOf(parsed), parsed.GetRequiredValue(device), parsed.GetValue(keeps)));
    return steps;
}

Command TogetherCommand()
{
    Argument<string> workload = new("workload");
    Option<int> steps = new("--steps") { DefaultValueFactory = _ => 10 };
    Option<bool> microBatches = new("--micro-batches") { Description = "Four perturbations in a batch in place of one." };
    workload.AcceptOnlyFromAmong(workloads);
    Command together = new("together", "Takes steps with the other processes of an MPI launcher; bench/workers/run.sh makes a table of it.") { workload, steps, microBatches, CommonOptions.Threads };
    together.SetAction(parsed => SharedSteps.Take(Workload.All.Single(one => one.Name == parsed.GetRequiredValue(workload)), parsed.GetValue(steps), parsed.GetValue(microBatches), ThreadsOf(parsed)));
    return together;
}

Command MeasureCommand()
{
    Argument<string> what = new("what");
    Argument<string> which = new("which") { DefaultValueFactory = _ => "" };
    Command measure = new("measure", "Measures one thing, and writes its numbers.") { what, which, rounds, CommonOptions.Threads };
    measure.Hidden = true;
    measure.SetAction(parsed =>
    {
        var settings = new Settings(parsed.GetValue(rounds), ThreadsOf(parsed), Python: null);
        Console.WriteLine(Measure(parsed.GetRequiredValue(what), parsed.GetRequiredValue(which), settings));
    });
    return measure;
}

static Measurement Measure(string what, string which, Settings settings) => what switch
{
    "scoring" => ScoringFigures.Measure(which, settings),
    "epoch" => EpochFigures.Measure(settings),
    "managed" => MemoryFigures.Managed(which, settings),
    "peak" => MemoryFigures.Peak(which),
    "growth" => GrowthFigures.Steps(settings),
    "rows" => GrowthFigures.Rows(int.Parse(which)),
    _ => throw new ArgumentException($"There is no measurement '{what}'."),
};

/// <summary>The parts of the table.</summary>
enum Figures { Peers, Rules, Switches, Scoring, Epochs, Memory, Growth }
