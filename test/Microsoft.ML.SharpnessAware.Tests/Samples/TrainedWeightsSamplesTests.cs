using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The samples that start from the trained weights of a package, in processes of their own, on data of a few rows.</summary>
[TestClass]
public sealed class TrainedWeightsSamplesTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("Samples").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void PhotoQuickstart_trains_saves_and_compares_with_fresh_weights()
    {
        using var pictures = new PictureFolder(15);

        var output = Run("PhotoQuickstart", pictures.Path, Path.Combine(_folder, "model.zip"));

        Assert.ContainsSingle(line => line.StartsWith("Chosen for DnnImageFeaturizerResNet18 { Stem = ImageNet } and "), output);
        Assert.ContainsSingle(line => line.StartsWith("Chosen for CifarResNet { Depth = 20 } and "), output);
        Assert.MatchesRegex(@"^MicroAccuracy: [01]\.\d{4} with trained weights, [01]\.\d{4} with fresh ones$", output[^1]);
        using var model = (IDisposable)new MLContext().Model.Load(Path.Combine(_folder, "model.zip"), out _);
    }

    [TestMethod]
    public void TextFewShot_trains_on_the_rows_that_were_asked_for_and_compares_with_fresh_weights()
    {
        var lines = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? $"sky\tThe sun and the rain {i}." : $"food\tSoup and bread {i}.").Prepend("label\ttext");
        File.WriteAllLines(Path.Combine(_folder, "rows.tsv"), lines);

        var output = Run("TextFewShot", Path.Combine(_folder, "rows.tsv"), Path.Combine(_folder, "rows.tsv"), Path.Combine(_folder, "model.zip"), "24");

        Assert.ContainsSingle(line => line.StartsWith("22 texts to train on and 2 to validate on, as TextShape { Vocabulary = 30522,"), output);
        Assert.MatchesRegex(@"^MicroAccuracy: 1\.0000 with trained weights, [01]\.\d{4} with fresh ones$", output[^1]);
        using var model = (IDisposable)new MLContext().Model.Load(Path.Combine(_folder, "model.zip"), out _);
    }

    static string[] Run(string sample, params string[] arguments)
    {
        var built = typeof(TrainedWeightsSamplesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == sample).Value!;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(built, $"{sample}.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, output + errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
