namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Programs for ML.NET's ImageClassification after the move; docs/migrating-from-imageclassification.md shows them.</summary>
[TestClass]
public class FromImageClassificationTests
{
    [TestMethod]
    public void Program_with_the_trainer_s_name_changed_promises_the_same_columns()
    {
        using var folder = new PictureFolder();
        var mlContext = new MLContext(seed: 1);
        var imageFolder = folder.Path;
        var images = mlContext.Data.LoadFromEnumerable(folder.Files.Select(file => new ImageFile { ImagePath = file, Label = "a" }).ToArray());

        #region after
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.LoadRawImageBytes("Image", imageFolder, "ImagePath"))
            .Append(mlContext.MulticlassClassification.Trainers.SamImage("Label", "Image"))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        #endregion

        var columns = pipeline.GetOutputSchema(SchemaText.Shape(images.Schema));
        Assert.AreEqual("ImagePath Label Image Score PredictedLabel", string.Join(' ', columns.Select(column => column.Name)));
    }

    [TestMethod]
    public void Trained_network_with_ImageClassification_s_settings_is_accepted()
    {
        var mlContext = new MLContext(seed: 1);
        var validationSet = Pictures.KeyedRows(mlContext);
        var weights = "resnet50.safetensors";

        #region trained
        var options = new SamImageTrainer.Options
        {
            FeatureColumnName = "Image",
            Network = new ResNet50 { Weights = weights }, // Arch = ImageClassificationTrainer.Architecture.ResnetV250
            Optimizer = new Sgd(LearningRate: 0.01),
            Schedule = new StepSchedule(EveryEpochs: 2, Factor: 0.94), // LearningRateScheduler = new ExponentialLRDecay()
            EarlyStoppingCriteria = new EarlyStopping(EarlyStoppingMetric.Accuracy, MinDelta: 0.01, Patience: 20),
            BatchSize = 10,
            Epoch = 200,
            FreezeBackboneEpochs = int.MaxValue, // the last layer alone is trained
            ValidationSet = validationSet,
            MetricsCallback = Console.WriteLine,
            Sharpness = new Sam(), // or new Plain(), for one pass a step
        };
        #endregion

        var columns = mlContext.MulticlassClassification.Trainers.SamImage(options).GetOutputSchema(SchemaText.Shape(validationSet.Schema));
        Assert.AreEqual("Score PredictedLabel", string.Join(' ', columns.Select(column => column.Name).TakeLast(2)));
    }

    sealed class ImageFile
    {
        public string? ImagePath { get; set; }

        public string? Label { get; set; }
    }
}
