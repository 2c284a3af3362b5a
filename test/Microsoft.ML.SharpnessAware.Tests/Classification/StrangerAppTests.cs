using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A model in a second process, whose code knows Microsoft.ML alone.</summary>
[TestClass]
public class StrangerAppTests
{
    static readonly string Built = typeof(StrangerAppTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "StrangerApp").Value!;

    readonly string _folder = Directory.CreateTempSubdirectory("StrangerApp").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Stranger_loads_the_model_and_predicts_the_same_bits()
    {
        var ml = new MLContext(seed: 1);
        var model = TrainedAndSaved(ml);
        using var engine = ml.Model.CreatePredictionEngine<PictureRow, PictureAnswer>(model);

        var answers = Answers([.. Enumerable.Range(0, 4).Select(Picture)]);

        CollectionAssert.AreEqual(Enumerable.Range(0, 4).Select(i => Line(engine.Predict(Pictures.Row(i)))).ToArray(), answers);
    }

    [TestMethod]
    public void Stranger_loads_a_model_for_texts_and_predicts_the_same_bits()
    {
        var ml = new MLContext(seed: 1);
        var rows = Sentences.Rows(ml);
        var model = TinyText.Pipeline(ml).Fit(rows);
        ml.Model.Save(model, rows.Schema, Path.Combine(_folder, "model.zip"));
        using var engine = ml.Model.CreatePredictionEngine<SentenceRow, PictureAnswer>(model);

        var answers = Answers([.. Enumerable.Range(0, 4).Select(Sentences.Text)]);

        CollectionAssert.AreEqual(Enumerable.Range(0, 4).Select(i => Line(engine.Predict(Sentences.Row(i)))).ToArray(), answers);
    }

    [TestMethod]
    public void Stranger_without_libtorch_is_told_what_to_add()
    {
        TrainedAndSaved(new MLContext(seed: 1));
        var without = Path.Combine(_folder, "without");
        CopyWithoutLibtorch(new DirectoryInfo(Built), without);

        var (output, errors, code) = Run(without, [Picture(0)]);

        Assert.AreEqual(1, code);
        Assert.AreEqual("", output, "TorchSharp's own page");
        Assert.Contains("libtorch, the native library that computes, cannot be loaded. Add the package TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows", errors);
    }

    [TestMethod]
    [DataRow("libtorch_cpu.so", DisplayName = "without anything that is needed at once")]
    [DataRow("libLibTorchSharp.so", DisplayName = "without a function that is looked up when it is called")]
    public void Stranger_with_another_libtorch_is_told_so(string replaced)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("What is tested is Linux's loader.");
        TrainedAndSaved(new MLContext(seed: 1));
        var other = Path.Combine(_folder, "other");
        CopyWithoutLibtorch(new DirectoryInfo(Built), other);
        foreach (var file in Directory.GetFiles(Built, "*.so").Where(file => !File.Exists(Path.Combine(other, Path.GetFileName(file)))))
            File.CreateSymbolicLink(Path.Combine(other, Path.GetFileName(file)), file);
        File.Delete(Path.Combine(other, replaced));
        if (replaced == "libtorch_cpu.so")
            File.Copy(Path.Combine(Built, "libtorch_global_deps.so"), Path.Combine(other, replaced));
        else
            File.WriteAllBytes(Path.Combine(other, replaced), LookingForAnotherFunction(File.ReadAllBytes(Path.Combine(Built, replaced))));

        var (output, errors, code) = Run(other, [Picture(0)]);

        Assert.AreEqual(1, code);
        Assert.AreEqual("", output);
        Assert.Contains("libtorch, the native library that computes, cannot be loaded. It is not the one that TorchSharp ", errors);
    }

    // An operation of libtorch under a name that no libtorch has.
    static byte[] LookingForAnotherFunction(byte[] file)
    {
        var name = file.AsSpan().IndexOf("\0_ZN2at4_ops"u8) + 1;
        Assert.AreNotEqual(0, name);
        file[name + "_ZN2at4_op".Length] = (byte)'z';
        return file;
    }

    ITransformer TrainedAndSaved(MLContext ml)
    {
        var rows = Pictures.Rows(ml);
        var model = TinyTraining.Pipeline(ml).Fit(rows);
        ml.Model.Save(model, rows.Schema, Path.Combine(_folder, "model.zip"));
        return model;
    }

    string Picture(int number)
    {
        var file = Path.Combine(_folder, $"{number}.png");
        File.WriteAllBytes(file, Pictures.Png(number));
        return file;
    }

    string[] Answers(string[] questions)
    {
        var (output, errors, code) = Run(Built, questions);
        Assert.AreEqual(0, code, errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    static string Line(PictureAnswer answer) => $"{answer.Label} {string.Join(' ', answer.Score.Select(BitConverter.SingleToInt32Bits))}";

    (string Output, string Errors, int Code) Run(string app, string[] questions)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(app, "StrangerApp.dll"), Path.Combine(_folder, "model.zip"), .. questions])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        // TorchSharp looks for libtorch in the cache of packages, too.
        start.Environment["NUGET_PACKAGES"] = _folder;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, errors.Result, process.ExitCode);
    }

    static void CopyWithoutLibtorch(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles().Where(file => file.Name == "TorchSharp.dll" || !file.Name.Contains("torch", StringComparison.OrdinalIgnoreCase)))
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (var folder in from.EnumerateDirectories())
            CopyWithoutLibtorch(folder, Path.Combine(to, folder.Name));
    }
}
