using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

namespace Docs;

/// <summary>The program of docs/image-classification.md.</summary>
public static class ImageClassification
{
    /// <summary>Trains on a folder of images, with a folder for each class, evaluates, and saves the model.</summary>
    /// <returns>The accuracy on the images that were held out.</returns>
    public static double Train(MLContext ml, string folder, string modelFile)
    {
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
            Optimizer = new Sgd(LearningRate: 0.1),
            BatchSize = 128,
            Epoch = 30,
            BalanceClassWeights = true,
            EarlyStoppingCriteria = new EarlyStopping(EarlyStoppingMetric.MacroAccuracy),
            WeightAverage = new Ema(),
            BadImages = BadImagePolicy.Skip,
            MetricsCallback = Console.WriteLine,
        };
        #endregion

        #region train
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadRawImageBytes("Image", imageFolder: null, "ImagePath"))
            .Append(ml.MulticlassClassification.Trainers.SamImage(options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var model = pipeline.Fit(split.TrainSet);
        #endregion

        #region evaluate
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"accuracy {metrics.MicroAccuracy:0.000}, mean of the classes' {metrics.MacroAccuracy:0.000}");
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
        #endregion

        #region save
        ml.Model.Save(model, split.TrainSet.Schema, modelFile);
        #endregion

        return metrics.MicroAccuracy;
    }

    sealed class ImageFile
    {
        public string? ImagePath { get; set; }

        public string? Label { get; set; }
    }
}
