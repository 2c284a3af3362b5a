using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A program of the shape that Model Builder generates for texts: a file of texts and of labels that are numbers, and an answer that is a number.</summary>
[TestClass]
public class ModelBuilderTextProgramTests
{
    [TestMethod]
    public void Reviews_with_numbers_for_labels_are_loaded_trained_saved_and_predicted()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, Enumerable.Range(0, 12).Select(i => $"{Sentences.Text(i)}\t{i % 2}"));
            var ml = new MLContext(seed: 1);
            var rows = ml.Data.LoadFromTextFile<ModelInput>(file, separatorChar: '\t', hasHeader: false);

            var model = BuildPipeline(ml).Fit(rows);
            ml.Model.Save(model, rows.Schema, file);
            using var engine = ml.Model.CreatePredictionEngine<ModelInput, ModelOutput>(new MLContext().Model.Load(file, out _));
            var answer = engine.Predict(new ModelInput { Review = "today the soup, nothing else" });

            Assert.AreEqual(answer.Score![0] >= answer.Score[1] ? 0f : 1f, answer.PredictedLabel);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static IEstimator<ITransformer> BuildPipeline(MLContext mlContext) =>
        mlContext.Transforms.Conversion.MapValueToKey(outputColumnName: "Sentiment", inputColumnName: "Sentiment", addKeyValueAnnotationsAsText: false)
            .Append(mlContext.MulticlassClassification.Trainers.SamText(TinyText.Options(options => (options.LabelColumnName, options.Sentence1ColumnName) = ("Sentiment", "Review"))))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue(outputColumnName: "PredictedLabel", inputColumnName: "PredictedLabel"));

    sealed class ModelInput
    {
        [LoadColumn(0)]
        public string? Review { get; set; }

        [LoadColumn(1)]
        public float Sentiment { get; set; }
    }

    sealed class ModelOutput
    {
        public float PredictedLabel { get; set; }

        public float[]? Score { get; set; }
    }
}
