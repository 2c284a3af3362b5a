using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;

namespace PackageConsumer.Tests;

[TestClass]
public class UserTests
{
    const int Side = 8;

    [TestMethod]
    public void SamImage_from_the_package_trains_saves_loads_and_predicts()
    {
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromEnumerable(BrightAndDark(60));
        var options = new SamImageTrainer.Options
        {
            FeatureColumnName = nameof(Image.Pixels),
            Sharpness = new Sam(Rho: 0.05f),
            Network = new CifarResNet(Depth: 8),
            ImageShape = new ImageShape(1, Side, Side),
            Epoch = 3,
        };
        var pipeline = ml.Transforms.Conversion.MapValueToKey(nameof(Image.Label))
            .Append(ml.MulticlassClassification.Trainers.SamImage(options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var trained = pipeline.Fit(images);
        using var file = new MemoryStream();
        ml.Model.Save(trained, images.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);

        Assert.AreEqual(1.0, ml.MulticlassClassification.Evaluate(loaded.Transform(images)).MicroAccuracy);
        using var engine = ml.Model.CreatePredictionEngine<Image, Prediction>(loaded);
        Assert.AreEqual("bright", engine.Predict(new Image { Pixels = Filled(0.9f) }).PredictedLabel);
        Assert.AreEqual("dark", engine.Predict(new Image { Pixels = Filled(0.1f) }).PredictedLabel);
    }

    [TestMethod]
    public void SamText_from_the_package_trains_saves_loads_and_predicts()
    {
        var ml = new MLContext(seed: 1);
        var texts = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Text { Label = i % 2 == 0 ? "sky" : "food", Sentence1 = i % 2 == 0 ? "sun and rain" : "soup" }).ToArray());
        var pipeline = ml.Transforms.Conversion.MapValueToKey(nameof(Text.Label))
            .Append(ml.MulticlassClassification.Trainers.SamText(new SamTextTrainer.Options { Network = new BagOfEmbeddings(), Epoch = 2 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var trained = pipeline.Fit(texts);
        using var file = new MemoryStream();
        ml.Model.Save(trained, texts.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);

        using var engine = ml.Model.CreatePredictionEngine<Text, Prediction>(loaded);
        CollectionAssert.Contains(new[] { "sky", "food" }, engine.Predict(new Text { Sentence1 = "soup" }).PredictedLabel);
    }

    [TestMethod]
    public void Verifying_weights_without_OnnxRuntime_says_what_to_add()
    {
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromEnumerable(BrightAndDark(8));
        var options = new SamImageTrainer.Options { FeatureColumnName = nameof(Image.Pixels), Network = new CifarResNet(Depth: 8), ImageShape = new ImageShape(1, Side, Side), Epoch = 1 };
        using var trained = ml.Transforms.Conversion.MapValueToKey(nameof(Image.Label)).Append(ml.MulticlassClassification.Trainers.SamImage(options)).Fit(images);
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        trained.LastTransformer.ExportToOnnx(file);

        var error = Assert.Throws<InvalidOperationException>(() => new CifarResNet(Depth: 8) { Weights = file, VerifyWeights = true }.Build(new ImageShape(1, Side, Side), 2));

        File.Delete(file);
        Assert.AreEqual("VerifyWeights needs ONNX Runtime, which the application does not have. Add the package Microsoft.ML.OnnxRuntime to its project, or set VerifyWeights to false.", error.Message);
    }

    static IEnumerable<Image> BrightAndDark(int count)
    {
        var random = new Random(7);
        return Enumerable.Range(0, count).Select(i =>
        {
            var bright = i % 2 == 0;
            return new Image { Label = bright ? "bright" : "dark", Pixels = Filled((bright ? 0.7f : 0f) + 0.3f * random.NextSingle()) };
        }).ToArray();
    }

    static float[] Filled(float value) => [.. Enumerable.Repeat(value, Side * Side)];

    public sealed class Text
    {
        public string Label { get; set; } = "";

        public string Sentence1 { get; set; } = "";
    }

    public sealed class Image
    {
        public string Label { get; set; } = "";

        [VectorType(Side * Side)]
        public float[] Pixels { get; set; } = [];
    }

    public sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";
    }
}
