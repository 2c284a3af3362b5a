using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The program of ML.NET's transfer learning tutorials: a folder for each class, keys and bytes made before the split, the saved model asked for single images.</summary>
[TestClass]
public class ImageFolderProgramTests
{
    [TestMethod]
    public void Folder_of_images_is_loaded_split_trained_evaluated_saved_and_predicted_with()
    {
        using var folder = new PictureFolder(count: 24);
        var ml = new MLContext(seed: 1);
        var files = ml.Data.ShuffleRows(ml.Data.LoadFromEnumerable(folder.Files.Select(ImageFile.Of).ToArray()));
        var images = ml.Transforms.Conversion.MapValueToKey("LabelAsKey", "Label", keyOrdinality: Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ml.Transforms.LoadRawImageBytes("Image", folder.Path, "ImagePath"))
            .Fit(files)
            .Transform(files);
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.4);
        var options = TinyTraining.Options(options => (options.LabelColumnName, options.ValidationSet) = ("LabelAsKey", split.TestSet));
        var pipeline = ml.MulticlassClassification.Trainers.SamImage(options)
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel", "PredictedLabel"));

        ITransformer model = pipeline.Fit(split.TrainSet);
        var scored = model.Transform(split.TestSet);
        var metrics = ml.MulticlassClassification.Evaluate(scored, labelColumnName: "LabelAsKey");
        var file = Path.Combine(folder.Path, "model.zip");
        ml.Model.Save(model, images.Schema, file);
        var loaded = new MLContext().Model.Load(file, out _);
        using var engine = ml.Model.CreatePredictionEngine<ImageBytes, ImageAnswer>(loaded);

        StringAssert.Contains(metrics.ConfusionMatrix.GetFormattedConfusionTable(), "across");
        foreach (var row in ml.Data.CreateEnumerable<ScoredImage>(scored, reuseRowObject: false))
            Assert.AreEqual(row.PredictedLabel, engine.Predict(new ImageBytes { Image = File.ReadAllBytes(row.ImagePath!) }).PredictedLabel);
        (model as IDisposable)?.Dispose();
    }

    sealed class ImageFile
    {
        public string? ImagePath { get; set; }

        public string? Label { get; set; }

        public static ImageFile Of(string path) => new() { ImagePath = path, Label = Path.GetFileName(Path.GetDirectoryName(path)) };
    }

    sealed class ImageBytes
    {
        public byte[]? Image { get; set; }
    }

    sealed class ImageAnswer
    {
        public string? PredictedLabel { get; set; }
    }

    sealed class ScoredImage
    {
        public string? ImagePath { get; set; }

        public string? PredictedLabel { get; set; }
    }
}
