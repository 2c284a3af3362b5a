using System.Diagnostics;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The program at the top of README, in a process of its own, on a folder of small pictures.</summary>
[TestClass]
public sealed class FirstModelTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("FirstModel").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Program_trains_on_the_folder_images_and_saves_a_model_that_classifies_them()
    {
        using var pictures = new PictureFolder(count: 60);
        foreach (var file in pictures.Files)
        {
            var copy = Path.Combine(_folder, "images", Path.GetRelativePath(pictures.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        var built = typeof(FirstModelTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "FirstModel").Value!;

        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(built, "FirstModel.dll")]) { WorkingDirectory = _folder, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(0, process.ExitCode, errors);
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable(pictures.Files.Select(file => new { ImagePath = file, Label = Path.GetFileName(Path.GetDirectoryName(file)) }));
        var labels = ml.Model.Load(Path.Combine(_folder, "model.zip"), out _).Transform(rows).GetColumn<string>("PredictedLabel");
        Assert.IsGreaterThan(40, labels.Zip(pictures.Files).Count(pair => pair.First == Path.GetFileName(Path.GetDirectoryName(pair.Second))), "chance is 20 of 60");
    }
}
