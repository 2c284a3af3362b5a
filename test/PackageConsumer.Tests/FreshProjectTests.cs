using System.Diagnostics;
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

    readonly string _folder = Directory.CreateTempSubdirectory("FreshProject").FullName;

    [TestInitialize]
    public void WriteProject()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("What is tested is Linux's loader.");
        File.WriteAllText(Path.Combine(_folder, "Program.cs"), Program);
        File.WriteAllText(Path.Combine(_folder, "Fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{Built.PackageFolder}</RestoreAdditionalProjectSources>
                <!-- Half a gigabyte need not be copied, and a link to the package cache is the harder case. -->
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <CreateHardLinksForPublishFilesIfPossible>true</CreateHardLinksForPublishFilesIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.ML.SharpnessAware" Version="{Built.Version}" />
                <PackageReference Include="{Built.LibtorchPackage}" Version="{Built.TorchSharpVersion}" />
              </ItemGroup>
            </Project>
            """);
    }

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Project_trains_with_the_property_and_says_what_is_wrong_without()
    {
        var output = Path.Combine(_folder, "bin/Release/net10.0");
        var system = File.ReadAllBytes(SystemLibstdcxx());
        var isOlder = system.AsSpan().IndexOf("GLIBCXX_3.4.32\0"u8) < 0;

        Dotnet(_folder, "build", "--configuration", "Release", "--verbosity", "minimal");
        var without = Dotnet(output, "Fresh.dll");
        var withTheOriginal = File.ReadAllBytes(Path.Combine(output, NativeInPackage));
        var published = Dotnet(_folder, "publish", "--configuration", "Release", "--verbosity", "minimal", "-p:TorchSharpForOlderLibstdcxx=true");
        var with = Dotnet(Path.Combine(output, "publish"), "Fresh.dll");
        var builtAgain = Dotnet(_folder, "build", "--configuration", "Release", "--verbosity", "minimal", "-p:TorchSharpForOlderLibstdcxx=true");

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

    static string[] Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, output + errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
