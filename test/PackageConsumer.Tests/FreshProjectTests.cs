using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace PackageConsumer.Tests;

/// <summary>A console project that was begun a minute ago, with our package and a libtorch.</summary>
[TestClass]
public sealed class FreshProjectTests
{
    const string Native = "libLibTorchSharp.so", NativeInPackage = $"runtimes/linux-x64/native/{Native}";

    const string Program = """
        using Microsoft.ML;
        using Microsoft.ML.SharpnessAware;

        Try("Build", () => new CifarResNet(Depth: 8).Build(new ImageShape(1, 8, 8), classes: 2).Dispose());
        Try("Fit", () =>
        {
            var ml = new MLContext(seed: 1);
            var texts = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Text { Label = i % 2 == 0 ? "sky" : "food", Sentence1 = i % 2 == 0 ? "sun and rain" : "soup" }).ToArray());
            var trainer = ml.MulticlassClassification.Trainers.SamText(new SamTextTrainer.Options { Network = new BagOfEmbeddings(), Epoch = 20, BatchSize = 8, Optimizer = new AdamW(LearningRate: 0.01) });
            using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Fit(texts);
            Console.WriteLine($"accuracy {ml.MulticlassClassification.Evaluate(model.Transform(texts)).MicroAccuracy}");
        });

        static void Try(string what, Action act)
        {
            try
            {
                act();
                Console.WriteLine($"{what} done");
            }
            catch (Exception fault)
            {
                Console.WriteLine($"{what} {fault.GetType().Name}: {fault.Message}");
            }
        }

        sealed class Text
        {
            public string Label { get; set; } = "";

            public string Sentence1 { get; set; } = "";
        }
        """;

    static readonly string[] Trains = ["Build done", "accuracy 1", "Fit done"];

    FreshProject _project = null!;

    [TestInitialize]
    public void WriteProject()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("What is tested is Linux's loader.");
        _project = new FreshProject("Program.cs", Program, "<TargetFramework>net10.0</TargetFramework>");
    }

    [TestCleanup]
    public void DeleteProject() => _project?.Dispose();

    [TestMethod]
    public void Project_trains_with_the_property_and_says_what_is_wrong_without()
    {
        var output = Path.Combine(_project.Folder, "bin/Release/net10.0");
        var system = File.ReadAllBytes(SystemLibstdcxx());
        var isOlder = system.AsSpan().IndexOf("GLIBCXX_3.4.32\0"u8) < 0;

        _project.Dotnet("build");
        var without = _project.Run("bin/Release/net10.0/Fresh");
        var withTheOriginal = File.ReadAllBytes(Path.Combine(output, NativeInPackage));
        var published = _project.Dotnet("publish", "-p:TorchSharpForOlderLibstdcxx=true");
        var with = _project.Run("bin/Release/net10.0/publish/Fresh");
        var builtAgain = _project.Dotnet("build", "-p:TorchSharpForOlderLibstdcxx=true");

        if (isOlder)
            ExplainsTheOlderLibrary(without, system);
        else
            CollectionAssert.AreEqual(Trains, without);
        CollectionAssert.AreEqual(Trains, with);

        CollectionAssert.AreEqual(Original(), withTheOriginal);
        Assert.AreEqual(isOlder ? 1 : 0, Differences(Path.Combine(output, NativeInPackage)), "bytes that differ in the output");
        Assert.AreEqual(isOlder ? 1 : 0, Differences(Path.Combine(output, "publish", NativeInPackage)), "bytes that differ in what is published");
        CollectionAssert.AreEqual(Original(), File.ReadAllBytes(Path.Combine(Built.PackageCache, "torchsharp", Built.TorchSharpVersion, NativeInPackage)), "the package cache");

        Assert.ContainsSingle(line => line.Contains(Native, StringComparison.Ordinal), published);
        Assert.IsFalse(builtAgain.Any(line => line.Contains(Native, StringComparison.Ordinal)), "built again, it does nothing and says nothing");
    }

    static void ExplainsTheOlderLibrary(string[] output, byte[] system)
    {
        var last = Enumerable.Range(0, 32).Last(i => system.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"GLIBCXX_3.4.{i}\0")) >= 0);
        var file = Regex.Match(output[0], @"\((?<file>/[^)]*libstdc\+\+[^)]*)\)").Groups["file"].Value;
        var reason = $"InvalidOperationException: libtorch, the native library that computes, cannot be loaded. TorchSharp's part of it requires the symbol version GLIBCXX_3.4.32, and this system's libstdc++ ({file}) ends at GLIBCXX_3.4.{last}. Set the MSBuild property TorchSharpForOlderLibstdcxx to true in the application's project and build it again; or run it on a newer distribution or container image, with the libstdc++ of GCC 13.2 or later, such as Debian 13 or Ubuntu 24.04.";
        CollectionAssert.AreEqual(new[] { $"Build {reason}", $"Fit {reason}" }, output);
        CollectionAssert.AreEqual(system, File.ReadAllBytes(file));
    }

    static byte[] Original()
    {
        using var package = ZipFile.OpenRead(Path.Combine(Built.PackageCache, "torchsharp", Built.TorchSharpVersion, $"torchsharp.{Built.TorchSharpVersion}.nupkg"));
        using var stream = package.GetEntry(NativeInPackage)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    static int Differences(string file) => Original().Zip(File.ReadAllBytes(file)).Count(pair => pair.First != pair.Second);

    static string SystemLibstdcxx()
    {
        NativeLibrary.Load("libstdc++.so.6");
        var line = File.ReadLines("/proc/self/maps").First(line => line.Contains("/libstdc++.so.6", StringComparison.Ordinal));
        return line[line.IndexOf('/', StringComparison.Ordinal)..];
    }
}
