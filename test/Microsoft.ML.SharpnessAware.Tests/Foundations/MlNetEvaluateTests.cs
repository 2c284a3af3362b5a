using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetEvaluateTests
{
    private const double Exact = 1e-12;

    // Scores are floats; what is printed of them here is what they are as doubles.
    private static readonly double _p7 = 0.7f;
    private static readonly double _p6 = 0.6f;
    private static readonly double _p5 = 0.5f;
    private static readonly double _p3 = 0.3f;
    private static readonly double _p2 = 0.2f;

    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Evaluate_gives_the_hand_computed_metrics()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(ScoredRows.Five), topKPredictionCount: 3);

        var loss0 = -(Math.Log(_p7) + Math.Log(_p6) + Math.Log(_p3)) / 3;
        var loss1 = -Math.Log(_p5);
        var loss2 = -Math.Log(_p2);
        var loss = (3 * loss0 + loss1 + loss2) / 5;
        var prior = -(0.6 * Math.Log(0.6) + 0.4 * Math.Log(0.2));
        Assert.AreEqual(3.0 / 5, metrics.MicroAccuracy, Exact);
        Assert.AreEqual((2.0 / 3 + 1 + 0) / 3, metrics.MacroAccuracy, Exact);
        Assert.AreEqual(loss, metrics.LogLoss, Exact);
        Assert.AreEqual((prior - loss) / prior, metrics.LogLossReduction, Exact);
        AssertNear([loss0, loss1, loss2], metrics.PerClassLogLoss);
        AssertNear([3.0 / 5, 4.0 / 5, 1], metrics.TopKAccuracyForAllK);
        Assert.AreEqual(1, metrics.TopKAccuracy, Exact);
        Assert.AreEqual(3, metrics.TopKPredictionCount);
    }

    [TestMethod]
    public void Evaluate_without_top_k_has_none()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(ScoredRows.Five));

        Assert.AreEqual(0, metrics.TopKPredictionCount);
        Assert.AreEqual(0, metrics.TopKAccuracy);
        Assert.IsNull(metrics.TopKAccuracyForAllK);
    }

    [TestMethod]
    public void Evaluate_of_equal_scores_takes_the_first_class()
    {
        ScoredRow[] rows = [new(0, 0.4f, 0.4f, 0.2f), new(1, 0.4f, 0.4f, 0.2f), new(2, 0.4f, 0.2f, 0.4f)];

        var metrics = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(rows), topKPredictionCount: 2);

        Assert.AreEqual("1 0 0 | 1 0 0 | 1 0 0", string.Join(" | ", metrics.ConfusionMatrix.Counts.Select(row => string.Join(' ', row))));
        AssertNear([1.0 / 3, 1], metrics.TopKAccuracyForAllK);
    }

    [TestMethod]
    public void Evaluate_clips_probabilities()
    {
        ScoredRow[] rows = [new(0, 0, 1, 0), new(0, 5, -4, 0)];

        var metrics = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(rows));

        Assert.AreEqual(-Math.Log(1e-15f) / 2, metrics.LogLoss, Exact);
    }

    [TestMethod]
    public void Evaluate_leaves_out_missing_labels_and_scores_that_are_no_numbers()
    {
        ScoredRow[] rows = [new(0, 0.8f, 0.1f, 0.1f), new(ScoredRow.Missing, 0.1f, 0.8f, 0.1f), new(1, float.NaN, 0.5f, 0.5f), new(1, float.PositiveInfinity, 0, 0)];

        var metrics = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(rows));

        Assert.AreEqual(1, metrics.MicroAccuracy);
        Assert.AreEqual(1, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [TestMethod]
    public void Evaluate_of_no_rows_is_zero_and_the_reduction_undefined()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(Array.Empty<ScoredRow>()));

        Assert.AreEqual(0, metrics.MicroAccuracy);
        Assert.AreEqual(0, metrics.MacroAccuracy);
        Assert.AreEqual(0, metrics.LogLoss);
        Assert.AreEqual(double.NaN, metrics.LogLossReduction);
    }

    [TestMethod]
    public void Evaluate_takes_numbers_as_labels()
    {
        NumberedRow[] rows = [new() { Label = 1, Score = [0.1f, 0.9f] }, new() { Label = 0, Score = [0.2f, 0.8f] }, new() { Label = float.NaN, Score = [1, 0] },
            new() { Label = 0.5f, Score = [1, 0] }, new() { Label = -1, Score = [1, 0] }];

        var metrics = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(rows));

        Assert.AreEqual(0.5, metrics.MicroAccuracy, Exact);
        Assert.AreEqual("0 1 | 0 1", string.Join(" | ", metrics.ConfusionMatrix.Counts.Select(row => string.Join(' ', row))));
    }

    [TestMethod]
    public void Evaluate_counts_labels_past_the_classes_as_wrong()
    {
        NumberedRow[] rows = [new() { Label = 1, Score = [0.1f, 0.9f] }, new() { Label = 7, Score = [0.5f, 0.5f] }];

        var metrics = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(rows));

        Assert.AreEqual(0.5, metrics.MicroAccuracy, Exact);
        Assert.AreEqual(1, metrics.MacroAccuracy, Exact);
        Assert.AreEqual((-Math.Log(0.9f) - Math.Log(1e-15f)) / 2, metrics.LogLoss, Exact);
        Assert.AreEqual(1, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [TestMethod]
    public void Evaluate_faults_of_the_columns_are_named()
    {
        var data = ScoredRows.Of(ScoredRows.Five);
        string Fault(Action evaluate) => Assert.Throws<ArgumentException>(evaluate).Message;

        Assert.AreEqual(
            "X column 'Label' not found (Parameter 'schema')",
            Fault(() => _ml.MulticlassClassification.Evaluate(data, labelColumnName: "X")));
        Assert.AreEqual(
            "X column 'PredictedLabel' not found (Parameter 'schema')",
            Fault(() => _ml.MulticlassClassification.Evaluate(data, predictedLabelColumnName: "X")));
        Assert.AreEqual(
            "Schema mismatch for score column 'Label': expected vector of two or more items of type Single, got Key<UInt32, 0-2> (Parameter 'schema')",
            Fault(() => _ml.MulticlassClassification.Evaluate(data, scoreColumnName: "Label")));
        Assert.AreEqual(
            "Schema mismatch for label column 'Score': expected Single or Key, got Vector<Single, 3> (Parameter 'schema')",
            Fault(() => _ml.MulticlassClassification.Evaluate(data, labelColumnName: "Score")));
    }

    private static void AssertNear(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Exact, $"at {i}");
    }
}
