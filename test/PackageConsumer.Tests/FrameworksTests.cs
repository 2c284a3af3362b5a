namespace PackageConsumer.Tests;

/// <summary>One program on .NET 8 and on .NET 10, and one in F#: a model means the same wherever it was trained.</summary>
[TestClass]
public sealed class FrameworksTests
{
    const string CSharp = """
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.SharpnessAware;

        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 24).Select(i => new Image { Label = i % 3 == 0 ? "dark" : "bright", Pixels = Enumerable.Range(0, 64).Select(p => (i % 3 == 0 ? 0.1f : 0.7f) + 0.001f * (p * i % 97)).ToArray() }).ToArray());
        if (args[0] == "train")
        {
            var trainer = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options
            {
                FeatureColumnName = "Pixels",
                Network = new CifarResNet(Depth: 8),
                ImageShape = new ImageShape(1, 8, 8),
                Sharpness = new Asam(),
                Epoch = 2,
                BatchSize = 8,
                CheckpointFolder = args[1] + ".checkpoints",
            });
            ml.Model.Save(ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Fit(images), images.Schema, args[1]);
        }
        var scores = new MLContext().Model.Load(args[1], out _).Transform(images).GetColumn<float[]>("Score");
        Console.WriteLine(Environment.Version.Major);
        Console.WriteLine(string.Join(' ', scores.Take(6).Select(row => row[0].ToString("R"))));

        sealed class Image
        {
            public string Label { get; set; } = "";

            [VectorType(64)]
            public float[] Pixels { get; set; } = [];
        }
        """;

    const string FSharp = """
        open Microsoft.ML
        open Microsoft.ML.Data
        open Microsoft.ML.SharpnessAware

        [<CLIMutable>]
        type Text = { Label: string; Sentence1: string }

        [<CLIMutable>]
        type Prediction = { PredictedLabel: string; Score: float32[] }

        let ml = MLContext(seed = 1)
        let texts = ml.Data.LoadFromEnumerable [ for i in 1 .. 40 -> if i % 2 = 0 then { Label = "sky"; Sentence1 = "sun and rain" } else { Label = "food"; Sentence1 = "soup" } ]
        let options = SamTextTrainer.Options(Network = BagOfEmbeddings(), Sharpness = Sam(Rho = 0.02), Optimizer = AdamW(LearningRate = 0.01), Epoch = 20, BatchSize = 8)

        let pipeline =
            EstimatorChain()
                .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
                .Append(ml.MulticlassClassification.Trainers.SamText(options))
                .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))

        let model = pipeline.Fit(texts)
        printfn $"accuracy {ml.MulticlassClassification.Evaluate(model.Transform(texts)).MicroAccuracy}"
        let engine = ml.Model.CreatePredictionEngine<Text, Prediction>(model)
        for sentence in [ "rain"; "soup" ] do
            printfn $"{sentence}: {engine.Predict({ Label = null; Sentence1 = sentence }).PredictedLabel}"
        """;

    [TestMethod]
    public void Model_trained_on_Net8_is_the_one_trained_on_Net10_and_each_loads_the_others()
    {
        using var project = new FreshProject("Program.cs", CSharp, "<TargetFrameworks>net8.0;net10.0</TargetFrameworks><TorchSharpForOlderLibstdcxx>true</TorchSharpForOlderLibstdcxx>");
        var system = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;
        project.Dotnet("publish", "--framework", "net8.0", "--runtime", system, "--self-contained");
        project.Dotnet("build", "--framework", "net10.0");
        string[] On8(string what, string model) => project.Run($"bin/Release/net8.0/{system}/publish/Fresh", what, model);
        string[] On10(string what, string model) => project.Run("bin/Release/net10.0/Fresh", what, model);

        var trainedOn8 = On8("train", "trained-on-8.zip");
        var trainedOn10 = On10("train", "trained-on-10.zip");

        Assert.AreEqual("8", trainedOn8[0]);
        Assert.AreEqual("10", trainedOn10[0]);
        Assert.AreEqual(6, trainedOn8[1].Split(' ').Distinct().Count(), "scores of six images");
        Assert.AreEqual(trainedOn8[1], trainedOn10[1]);
        Assert.AreEqual(trainedOn8[1], On10("load", "trained-on-8.zip")[1]);
        Assert.AreEqual(trainedOn10[1], On8("load", "trained-on-10.zip")[1]);
    }

    [TestMethod]
    public void Program_in_FSharp_trains_and_predicts()
    {
        using var project = new FreshProject("Program.fs", FSharp, "<TargetFramework>net10.0</TargetFramework><TorchSharpForOlderLibstdcxx>true</TorchSharpForOlderLibstdcxx>");
        project.Dotnet("build");

        CollectionAssert.AreEqual(new[] { "accuracy 1", "rain: sky", "soup: food" }, project.Run("bin/Release/net10.0/Fresh"));
    }
}
