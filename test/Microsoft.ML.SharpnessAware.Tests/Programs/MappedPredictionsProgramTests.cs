using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A program that maps predicted labels back to names over the same column, and evaluates afterwards.</summary>
[TestClass]
public class MappedPredictionsProgramTests
{
    [TestMethod]
    public void Evaluate_after_MapKeyToValue_over_PredictedLabel_is_as_before_it()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml, 30);
        using var model = TinyTraining.Trainer(ml, options => options.Epoch = 2).Fit(rows);
        var keys = model.Transform(rows);

        var names = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(keys).Transform(keys);

        var (before, after) = (ml.MulticlassClassification.Evaluate(keys), ml.MulticlassClassification.Evaluate(names));
        Assert.AreEqual(before.MicroAccuracy, after.MicroAccuracy);
        Assert.AreEqual(before.LogLoss, after.LogLoss);
        Assert.AreEqual(before.ConfusionMatrix.GetFormattedConfusionTable(), after.ConfusionMatrix.GetFormattedConfusionTable());
        var right = names.GetColumn<string>("PredictedLabel").Zip(Enumerable.Range(0, 30), (name, i) => name == Pictures.Row(i).Label).Count(isRight => isRight);
        Assert.AreEqual(right / 30.0, after.MicroAccuracy, 1e-9, "the names say what the metrics say");
    }
}
