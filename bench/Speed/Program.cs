using System.CommandLine;
using System.Globalization;
using Benchmarks;
using Speed;
using Speed.Steps;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] sets = ["peers", "rules"];
string[] workloads = [.. Workload.All.Select(workload => workload.Name)];
Option<bool> quick = new("--quick") { Description = "Three rounds of the smaller networks, in some three minutes." };
Option<int> rounds = new("--rounds") { HelpName = "N", Description = "How often each contestant has its turn; 7 by default, 3 with --quick." };
Option<FileInfo> output = new("--output") { HelpName = "FILE", Description = "Where the table is written as well." };
NamesOption chosenSets = new("--figures", "What is measured.", sets);
NamesOption chosenWorkloads = new("--workloads", "The networks that steps are taken on.", workloads);

Argument<string> contestant = new("contestant");
Argument<string> workload = new("workload");
Option<bool> keeps = new("--keep");
contestant.AcceptOnlyFromAmong([.. Contestant.All.Select(one => one.Name)]);
workload.AcceptOnlyFromAmong(workloads);
Command steps = new("steps", "Takes the steps that lines of the input ask for.") { contestant, workload, keeps, CommonOptions.Threads };
steps.Hidden = true;
steps.SetAction(parsed => Contestant.All.Single(one => one.Name == parsed.GetRequiredValue(contestant))
    .Serve(Workload.All.Single(one => one.Name == parsed.GetRequiredValue(workload)), ThreadsOf(parsed), parsed.GetValue(keeps)));

RootCommand command = new("What training and scoring cost beside a plain TorchSharp loop, PyTorch and ONNX Runtime: ratios of one run, contestants in turn.") { quick, rounds, output, chosenSets, chosenWorkloads, CommonOptions.Threads, steps };
command.SetAction(Measure);
return command.Parse(args).Invoke();

static int ThreadsOf(ParseResult parsed) => parsed.GetValue(CommonOptions.Threads) is > 0 and var threads ? threads : Environment.ProcessorCount;

void Measure(ParseResult parsed)
{
    var isQuick = parsed.GetValue(quick);
    var settings = new Settings(parsed.GetValue(rounds) is > 0 and var given ? given : isQuick ? 3 : 7, ThreadsOf(parsed), PyTorchLoop.FindPython());
    var chosen = Workload.All.Where(one => parsed.GetRequiredValue(chosenWorkloads).Contains(one.Name)).ToArray();
    var stepFigures = new StepFigures(settings);
    var figures = new List<Figure>();
    Console.WriteLine(Figure.Head);
    foreach (var set in parsed.GetRequiredValue(chosenSets))
        foreach (var figure in Of(set))
        {
            Console.WriteLine(figure);
            figures.Add(figure);
        }

    IEnumerable<Figure> Of(string set) => set switch
    {
        "peers" => chosen.SelectMany(stepFigures.OverPeers),
        _ => chosen.Where(one => one.Name.StartsWith("resnet20", StringComparison.Ordinal)).SelectMany(stepFigures.OverPlain),
    };
}
