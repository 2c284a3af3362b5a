using System.Text.Json.Nodes;

namespace MlnetSam.Tests;

[TestClass]
public sealed class ImageCommandTests
{
    static readonly string[] _small = ["--network", "CifarResNet8", "--batch-size", "8", "--epochs", "2"];

    readonly TempFolder _folder = new();

    [TestCleanup]
    public void Delete() => _folder.Dispose();

    [TestMethod]
    public void Image_trains_and_writes_model_code_projects_and_the_run_in_numbers()
    {
        var run = CommandRun.Of(["image", "--dataset", _folder.Pictures("pets", each: 20), "--output", _folder.Path, "--name", "Pets", "--variant", "asam", "--rho", "0.7", "--freeze-epochs", "0", "--log-file-path", _folder["log.txt"], .. _small]).EndsWith(ExitCode.Done);

        string[] files = [.. Directory.EnumerateFiles(_folder["Pets"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder["Pets"], file).Replace('\\', '/'))];
        CollectionAssert.AreEquivalent(
            new[]
            {
                "Pets.mlnet", "Pets.consumption.cs", "Pets.training.cs", "Pets.run.json", "report.html",
                "Pets.Console/Pets.Console.csproj", "Pets.Console/Program.cs", "Pets.WebApi/Pets.WebApi.csproj", "Pets.WebApi/Program.cs",
            },
            files);
        Assert.Contains("<title>Pets</title>", File.ReadAllText(_folder["Pets", "report.html"]));
        Assert.DoesNotContain("There are no explanations", File.ReadAllText(_folder["Pets", "report.html"]));
        Assert.Contains("Sharpness = new Asam(Rho: 0.7),", File.ReadAllText(_folder["Pets", "Pets.training.cs"]));
        Assert.Contains("FreezeBackboneEpochs = 0,", File.ReadAllText(_folder["Pets", "Pets.training.cs"]));
        Assert.Contains("Network = new CifarResNet(Depth: 8),", File.ReadAllText(_folder["Pets", "Pets.training.cs"]));
        Assert.Contains("32 images to train on and 8 to test on, of 2 classes: 'bright' 16 + 4, 'dark' 16 + 4.", run.Out);
        Assert.Contains("Epoch 2/2: loss ", run.Out);
        Assert.IsFalse(run.Out.Contains('\u001b'), "colour in piped output");
        Assert.Contains("Epoch 2/2: loss ", File.ReadAllText(_folder["log.txt"]));

        var json = JsonNode.Parse(File.ReadAllText(_folder["Pets", "Pets.run.json"]))!;
        Assert.AreEqual("ImageClassification", (string?)json["Scenario"]);
        Assert.AreEqual("Asam", (string?)json["Settings"]!["Sharpness"]!["$type"]);
        Assert.HasCount(2, json["Epochs"]!.AsArray());
        Assert.IsInRange(0.0, 1.0, (double)json["Test"]!["MicroAccuracy"]!);
        CollectionAssert.AreEquivalent(new[] { "dark", "bright" }, json["Test"]!["Classes"]!.AsArray().Select(name => (string?)name).ToArray());
        Assert.AreEqual(8, json["Test"]!["ConfusionMatrix"]!.AsArray().SelectMany(row => row!.AsArray()).Sum(count => (double)count!));
    }

    [TestMethod]
    public void Saved_model_predicts_is_evaluated_measured_drawn_and_exported()
    {
        var pictures = _folder.Pictures("pets", each: 20);
        CommandRun.Of(["image", "--dataset", pictures, "--output", _folder.Path, "--name", "Pets", .. _small]).EndsWith(ExitCode.Done);
        var model = _folder["Pets", "Pets.mlnet"];

        var predicted = CommandRun.Of("predict", "--model", model, "--top", "2", _folder["pets", "dark"]).EndsWith(ExitCode.Done).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(20, predicted);
        string[] cells = predicted[0].TrimEnd().Split('\t');
        Assert.HasCount(5, cells);
        Assert.AreEqual(1, double.Parse(cells[1]) + double.Parse(cells[3]), 2e-4, "probabilities of both classes");
        Assert.AreEqual(_folder["pets", "dark", "0.png"], cells[4]);

        Assert.Contains("MicroAccuracy: ", CommandRun.Of("evaluate", "--model", model, "--dataset", pictures).EndsWith(ExitCode.Done).Out);
        Assert.Contains("over 16 rows", CommandRun.Of("sharpness", "--model", model, "--dataset", pictures, "--rows", "16").EndsWith(ExitCode.Done).Out);
        CommandRun.Of("landscape", "--model", model, "--dataset", pictures, "--rows", "8", "--dimensions", "1", "--points", "3", "--output", _folder["l.csv"]).EndsWith(ExitCode.Done);
        Assert.HasCount(4, File.ReadAllLines(_folder["l.csv"]));
        CommandRun.Of("export", "--model", model).EndsWith(ExitCode.Done);
        Assert.IsGreaterThan(100_000, new FileInfo(_folder["Pets", "Pets.onnx"]).Length);
    }

    [TestMethod]
    public void Ctrl_C_before_training_writes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        var run = CommandRun.Cancelled(cancelled.Token, ["image", "--dataset", _folder.Pictures("pets", each: 5), "--output", _folder.Path, "--name", "Pets", .. _small]).EndsWith(ExitCode.Cancelled);

        Assert.AreEqual("Cancelled. Nothing was written.", run.Error.Trim());
        Assert.IsFalse(Directory.Exists(_folder["Pets"]));
    }

    [TestMethod]
    [DataRow("there is no such folder", "nowhere", "There is no folder '{0}'.")]
    [DataRow("a folder without images", "empty", "'{0}' has no images: it must have a folder for each class, with files in it that end in .png, .jpg, .jpeg, .bmp, .gif, .webp.")]
    [DataRow("images without folders", "pets/dark", "'{0}' has 4 images, but no folder of images for each class: move the images of a class into a folder with the class's name.")]
    [DataRow("one class", "one", "'{0}' has a single class, 'dark': a classifier needs two or more.")]
    [DataRow("a file", "texts.tsv", "'{0}' is a file, but images are read from a folder with a folder for each class. For a file of texts take the command 'text'.")]
    public void Data_that_cannot_be_learned_from_are_refused(string what, string dataset, string message)
    {
        _folder.Pictures("pets", each: 4);
        Directory.CreateDirectory(_folder["empty"]);
        Directory.CreateDirectory(_folder["one"]);
        Directory.Move(_folder.Pictures("more", each: 4) + "/dark", _folder["one", "dark"]);
        _folder.Texts("texts.tsv", each: 2);

        var run = CommandRun.Of("image", "--dataset", _folder[dataset], "--output", _folder.Path, "--name", "Pets").EndsWith(ExitCode.Failed);

        Assert.AreEqual(string.Format(message, _folder[dataset]), run.Error.Trim(), what);
        Assert.IsFalse(Directory.Exists(_folder["Pets"]), "an empty folder is left");
    }

    [TestMethod]
    public void Folder_that_is_not_empty_is_refused_and_replaced_by_force()
    {
        Directory.CreateDirectory(_folder["Pets"]);
        var mine = _folder.Write("Pets/mine.txt", "mine");
        string[] arguments = ["image", "--dataset", _folder.Pictures("pictures", each: 10), "--output", _folder.Path, "--name", "Pets", .. _small];

        Assert.AreEqual($"The folder '{_folder["Pets"]}' is not empty. Give another --name or --output, or --force to replace the files in it.", CommandRun.Of(arguments).EndsWith(ExitCode.Failed).Error.Trim());
        CommandRun.Of([.. arguments, "--force", "--verbosity", "quiet"]).EndsWith(ExitCode.Done);
        Assert.IsTrue(File.Exists(_folder["Pets", "Pets.mlnet"]));
        Assert.AreEqual("mine", File.ReadAllText(mine));
    }

    [TestMethod]
    public void Folder_that_cannot_be_written_to_is_refused_before_training()
    {
        var file = _folder.Write("file", "");

        var run = CommandRun.Of("image", "--dataset", _folder.Pictures("pets", each: 4), "--output", file, "--name", "Pets").EndsWith(ExitCode.Failed);

        Assert.StartsWith($"The folder '{Path.Combine(file, "Pets")}' cannot be written to: ", run.Error);
        Assert.DoesNotContain("Reading", run.Out);
    }

    [TestMethod]
    [DataRow("--network ResNet1", "There is no network 'ResNet1'. Did you mean 'ResNet18' or 'ResNet101' or 'ResNet34'? There are: ")]
    [DataRow("--variant asma", "There is no variant 'asma'. Did you mean 'Asam'? There are: ")]
    [DataRow("--variant plain --rho 0.1", "Plain training has no rho: leave it out, or choose another variant.")]
    [DataRow("--rho -1", "--rho must be a number of 0 or more, but was '-1'.")]
    [DataRow("--epochs 0", "--epochs must be a whole number of 1 or more, but was '0'.")]
    [DataRow("--freeze-epochs -1", "--freeze-epochs must be a whole number of 0 or more, but was '-1'.")]
    [DataRow("--minutes 1 --train-time 60", "--minutes and --train-time say the same, in minutes and in seconds: give one of them.")]
    [DataRow("--weights resnet.onnx", "--weights are those of a network: give --network, too.")]
    [DataRow("--device tpu", "Argument 'tpu' not recognized. Must be one of:")]
    public void Wrong_command_line_is_said_in_words(string options, string message)
    {
        var run = CommandRun.Of(["image", "--dataset", "pets", .. options.Split(' ')]).EndsWith(ExitCode.WrongCommandLine);

        Assert.StartsWith(message, run.Error);
        Assert.AreEqual("", run.Out);
    }

    [TestMethod]
    public void Cuda_without_a_GPU_is_refused()
    {
        if (TorchSharp.torch.cuda.is_available())
            Assert.Inconclusive("There is a GPU.");

        var run = CommandRun.Of("image", "--dataset", _folder.Pictures("pets", each: 4), "--output", _folder.Path, "--device", "cuda").EndsWith(ExitCode.Failed);

        Assert.StartsWith("--device cuda: there is no GPU that libtorch can use.", run.Error);
    }
}
