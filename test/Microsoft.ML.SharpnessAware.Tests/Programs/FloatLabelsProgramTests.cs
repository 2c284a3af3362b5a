namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A program whose labels are numbers, of which keys are made by their value; its answers are numbers again.</summary>
[TestClass]
public class FloatLabelsProgramTests
{
    [TestMethod]
    public void Numbers_go_in_as_labels_and_come_out_as_predictions()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new GradedImage { Image = Pictures.Png(i), Label = 5 - i % 3 }));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(TinyTraining.Trainer(ml))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var model = pipeline.Fit(rows);
        using var engine = ml.Model.CreatePredictionEngine<GradedImage, Grade>(model);

        for (var i = 0; i < 3; i++)
        {
            var grade = engine.Predict(new GradedImage { Image = Pictures.Png(i) });
            Assert.AreEqual(3f + Array.IndexOf(grade.Score!, grade.Score!.Max()), grade.PredictedLabel, "keys of 3, 4 and 5 stand in that order");
        }
    }

    sealed class GradedImage
    {
        public byte[]? Image { get; set; }

        public float Label { get; set; }
    }

    sealed class Grade
    {
        public float PredictedLabel { get; set; }

        public float[]? Score { get; set; }
    }
}
