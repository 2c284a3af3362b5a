namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A program that cross-validates its whole pipeline, from texts for labels to names of predictions, and keeps the best model.</summary>
[TestClass]
public class CrossValidationProgramTests
{
    [TestMethod]
    public void Pipeline_with_labels_as_texts_is_cross_validated_and_its_best_model_predicts()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Rows(ml, 24);

        var folds = ml.MulticlassClassification.CrossValidate(rows, TinyTraining.Pipeline(ml), numberOfFolds: 3, labelColumnName: "Label");

        Assert.HasCount(3, folds);
        Assert.IsTrue(folds.Average(fold => fold.Metrics.MicroAccuracy) is >= 0 and <= 1);
        var best = folds.OrderByDescending(fold => fold.Metrics.MicroAccuracy).First().Model;
        using var engine = ml.Model.CreatePredictionEngine<PictureRow, PictureAnswer>(best);
        CollectionAssert.Contains(new[] { "across", "down", "plain" }, engine.Predict(Pictures.Row(0)).Label);
    }
}
