using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.SharpnessAware;
using ModelFile;

const int Runs = 5;
const int Predictions = 100_000;
const int LargeSize = 32;
const int SmallSize = 8;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
set_num_threads(Environment.ProcessorCount);
Argument<string> kind = new("kind");
Argument<string> path = new("path");
Command train = new("train", "One model of a kind, whole, half or small.") { kind, path };
Command load = new("load", "Milliseconds, peak memory and the size of the weights, of a large model.") { path };
Command predict = new("predict", "Memory while a small model predicts.") { path };
kind.AcceptOnlyFromAmong("whole", "half", "small");
train.SetAction(parsed => Train(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(path)));
load.SetAction(parsed => Load(parsed.GetRequiredValue(path)));
predict.SetAction(parsed => Predict(parsed.GetRequiredValue(path)));

RootCommand command = new("What a saved model costs: time and memory to load it, and whether memory grows while it predicts. Each measurement is a process of its own.") { train, load, predict };
command.SetAction(_ => MeasureAll());
return command.Parse(args).Invoke();

static void MeasureAll()
{
    var folder = Directory.CreateTempSubdirectory("ModelFile").FullName;
    try
    {
        Console.WriteLine("| model | file, MB | load, ms: median (least to most) | peak memory over that before, MB | over the weights' size in float32 |\n| --- | --- | --- | --- | --- |");
        foreach (var kind in new[] { "whole", "half" })
        {
            var path = Path.Combine(folder, $"{kind}.zip");
            Run("train", kind, path);
            var loads = Enumerable.Range(0, Runs).Select(_ => Array.ConvertAll(Run("load", path).Split(' '), double.Parse)).OrderBy(load => load[0]).ToArray();
            var (peak, weights) = (loads.Max(load => load[1]), loads[0][2]);
            Console.WriteLine($"| ResNet50, {(kind == "half" ? "HalfPrecisionWeights" : "as by default")} | {new FileInfo(path).Length / 1e6:0.0} | {loads[Runs / 2][0]:0} ({loads[0][0]:0} to {loads[^1][0]:0}) | {peak:0} | {peak / weights:0.00} |");
        }
        var small = Path.Combine(folder, "small.zip");
        Run("train", "small", small);
        Console.WriteLine($"\n{Run("predict", small)}");
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

static void Train(string kind, string path) =>
    Models.Train(kind == "small" ? new CifarResNet(8) : new ResNet50(ResNetStem.SmallImage), kind == "small" ? SmallSize : LargeSize, kind == "half", path);

static void Load(string path)
{
    // The runtime, ML.NET and libtorch are there already, as in a program that does anything.
    zeros(1).Dispose();
    _ = new MLContext().Data.LoadFromEnumerable(new[] { Picture.Of(0, LargeSize) }).Schema;
    var before = Memory.Resident;
    var watch = Stopwatch.StartNew();
    var model = new MLContext().Model.Load(path, out _);
    var milliseconds = watch.Elapsed.TotalMilliseconds;
    var peak = Memory.Peak - before;
    ((IDisposable)model).Dispose();
    using var network = new ResNet50(ResNetStem.SmallImage).Build(new ImageShape(3, LargeSize, LargeSize), classes: 2);
    Console.Write($"{milliseconds} {peak} {network.state_dict().Values.Sum(tensor => tensor.NumberOfElements) * 4 / 1e6}");
}

static void Predict(string path)
{
    using var engine = Models.Engine(path);
    Console.WriteLine("| predictions | resident, MB | managed, MB | tensors |\n| --- | --- | --- | --- |");
    var pictures = Enumerable.Range(0, 100).Select(number => Picture.Of(number, SmallSize)).ToArray();
    for (var done = 0; done <= Predictions; done++)
    {
        if (done is 1_000 or 10_000 or 20_000 or 40_000 or 60_000 or 80_000 or 100_000)
            Console.WriteLine($"| {done:N0} | {Memory.Resident:0.0} | {Memory.Managed:0.00} | {Tensor.TotalCount} |");
        engine.Predict(pictures[done % pictures.Length]);
    }
}

static string Run(params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}.");
}
