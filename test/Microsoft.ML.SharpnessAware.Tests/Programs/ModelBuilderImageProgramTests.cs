using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A program of the shape that Model Builder generates for images: bytes in a class, keys without text annotations, sorted scores with the labels' names.</summary>
[TestClass]
public class ModelBuilderImageProgramTests
{
    [TestMethod]
    public void Generated_pipeline_trains_and_its_consumer_gets_sorted_scores_with_labels()
    {
        using var folder = new PictureFolder();
        var file = Path.Combine(folder.Path, "model.mlnet");
        Train(folder, file);
        var ml = new MLContext();
        using var engine = ml.Model.CreatePredictionEngine<ModelInput, ModelOutput>(ml.Model.Load(file, out _));

        foreach (var image in folder.Files.Where(name => name.EndsWith(".png")))
        {
            var answer = engine.Predict(new ModelInput { ImageSource = File.ReadAllBytes(image) });
            var sorted = SortedScores(SlotNames(engine), answer);

            CollectionAssert.AreEqual(sorted, SortedScores(KeyValues(engine), answer));
            CollectionAssert.AreEquivalent(new[] { "across", "down", "plain" }, sorted.ConvertAll(score => score.Key));
            Assert.AreEqual(answer.PredictedLabel, sorted[0].Key);
        }
    }

    [TestMethod]
    public void Positional_arguments_are_label_then_image()
    {
        var ml = new MLContext(seed: 1);
        var rows = SchemaText.Shape(Pictures.KeyedRows(ml).Schema);

        var output = ml.MulticlassClassification.Trainers.SamImage("Label", "Image").GetOutputSchema(rows);

        CollectionAssert.IsSubsetOf(new[] { "Score", "PredictedLabel" }, output.Select(column => column.Name).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => ml.MulticlassClassification.Trainers.SamImage("Image", "Label").GetOutputSchema(rows));
    }

    static void Train(PictureFolder folder, string file)
    {
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable(folder.Files.Select(image => new ModelInput
        {
            Label = Path.GetFileName(Path.GetDirectoryName(image)),
            ImageSource = File.ReadAllBytes(image),
        }).ToList());
        var pipeline = ml.Transforms.Conversion.MapValueToKey(outputColumnName: "Label", inputColumnName: "Label", addKeyValueAnnotationsAsText: false)
            .Append(ml.MulticlassClassification.Trainers.SamImage(TinyTraining.Options(options => options.FeatureColumnName = "ImageSource")))
            .Append(ml.Transforms.Conversion.MapKeyToValue(outputColumnName: "PredictedLabel", inputColumnName: "PredictedLabel"));

        var model = pipeline.Fit(rows);

        using var stream = File.Create(file);
        ml.Model.Save(model, rows.Schema, stream);
    }

    static List<KeyValuePair<string, float>> SortedScores(string[] labels, ModelOutput answer) =>
        [.. labels.Zip(answer.Score!, KeyValuePair.Create).OrderByDescending(score => score.Value)];

    static string[] SlotNames(PredictionEngine<ModelInput, ModelOutput> engine)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        engine.OutputSchema["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    static string[] KeyValues(PredictionEngine<ModelInput, ModelOutput> engine)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        engine.OutputSchema["Label"].GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    sealed class ModelInput
    {
        [LoadColumn(0)]
        [ColumnName("Label")]
        public string? Label { get; set; }

        [LoadColumn(1)]
        [ColumnName("ImageSource")]
        public byte[]? ImageSource { get; set; }
    }

    sealed class ModelOutput
    {
        [ColumnName("Label")]
        public uint Label { get; set; }

        [ColumnName("ImageSource")]
        public byte[]? ImageSource { get; set; }

        [ColumnName("PredictedLabel")]
        public string? PredictedLabel { get; set; }

        [ColumnName("Score")]
        public float[]? Score { get; set; }
    }
}
