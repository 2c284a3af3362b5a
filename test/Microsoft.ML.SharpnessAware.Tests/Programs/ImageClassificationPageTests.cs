namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The code of docs/image-classification.md, at work on small pictures.</summary>
[TestClass]
public class ImageClassificationPageTests
{
    [TestMethod]
    public void Program_of_the_page_trains_evaluates_saves_and_answers()
    {
        using var pictures = new PictureFolder(count: 30);
        var (folder, modelFile, lines) = (pictures.Path, Path.Combine(pictures.Path, "model.zip"), new List<string>());
        var ml = new MLContext(seed: 1);

        #region data
        var images = ml.Data.LoadFromEnumerable(
            from file in Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            select new ImageFile { ImagePath = file, Label = Path.GetFileName(Path.GetDirectoryName(file)) });
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.2, seed: 1);
        #endregion

        #region options
        var options = new SamImageTrainer.Options
        {
            FeatureColumnName = "Image",
            Network = new CifarResNet(Depth: 8),
            Sharpness = new Sam(Rho: 0.05),
            Optimizer = new Sgd(LearningRate: 0.05),
            BatchSize = 8,
            Epoch = 6,
            BalanceClassWeights = true,
            EarlyStoppingCriteria = new EarlyStopping(EarlyStoppingMetric.MacroAccuracy),
            WeightAverage = new Ema(),
            BadImages = BadImagePolicy.Skip,
            MetricsCallback = metrics => lines.Add($"{metrics}"),
        };
        #endregion

        #region train
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadRawImageBytes("Image", imageFolder: null, "ImagePath"))
            .Append(ml.MulticlassClassification.Trainers.SamImage(options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(split.TrainSet);
        #endregion

        #region evaluate
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"accuracy {metrics.MicroAccuracy:0.000}, mean of the classes' {metrics.MacroAccuracy:0.000}");
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
        #endregion

        #region save
        ml.Model.Save(model, split.TrainSet.Schema, modelFile);
        #endregion

        Assert.HasCount(6, lines);
        Assert.IsGreaterThan(0.3, metrics.MicroAccuracy, "chance is a third");
        using var engine = ml.Model.CreatePredictionEngine<ImageFile, PictureAnswer>(ml.Model.Load(modelFile, out _));
        Assert.Contains(engine.Predict(new ImageFile { ImagePath = pictures.Files.First(file => file.EndsWith(".png")) }).Label, new[] { "across", "down", "plain" });
        (model as IDisposable)?.Dispose();
    }

    sealed class ImageFile
    {
        public string? ImagePath { get; set; }

        public string? Label { get; set; }
    }
}
