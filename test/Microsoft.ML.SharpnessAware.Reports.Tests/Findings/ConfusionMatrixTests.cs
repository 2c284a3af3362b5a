namespace Microsoft.ML.SharpnessAware.Reports.Tests;

[TestClass]
public class ConfusionMatrixTests
{
    const double Rounding = 1e-12;

    // Labels down, predictions across:
    //        a  b  c
    //    a   2  1  0
    //    b   0  3  0
    //    c   1  1  0
    static readonly ConfusionMatrix Matrix = new(
        [.. new[] { (0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (1, 1), (2, 0), (2, 1) }.Select((row, i) => ScoredRows.Of(i, row.Item1, row.Item2, classes: 3))],
        ["a", "b", "c"]);

    [TestMethod]
    public void Cells_count_rows_by_label_and_prediction()
    {
        Assert.AreEqual((2, 1, 0), (Matrix[0, 0], Matrix[0, 1], Matrix[0, 2]));
        Assert.AreEqual((1, 1, 0), (Matrix[2, 0], Matrix[2, 1], Matrix[2, 2]));
        Assert.AreEqual(8, Matrix.Rows);
    }

    [TestMethod]
    public void Accuracies_are_of_rows_and_of_classes()
    {
        Assert.AreEqual(5 / 8.0, Matrix.Accuracy, Rounding);
        Assert.AreEqual((2 / 3.0 + 1 + 0) / 3, Matrix.MacroAccuracy, Rounding);
    }

    [TestMethod]
    public void Figures_of_a_class_are_precision_recall_and_their_harmonic_mean()
    {
        var a = Matrix.Figures[0];
        Assert.AreEqual(2 / 3.0, a.Precision!.Value, Rounding);
        Assert.AreEqual(2 / 3.0, a.Recall!.Value, Rounding);
        var b = Matrix.Figures[1];
        Assert.AreEqual(3 / 5.0, b.Precision!.Value, Rounding);
        Assert.AreEqual(1, b.Recall!.Value, Rounding);
        Assert.AreEqual(2 * 0.6 * 1 / (0.6 + 1), b.F1!.Value, Rounding);
    }

    [TestMethod]
    public void Figures_are_missing_where_nothing_is_predicted_or_labelled()
    {
        Assert.IsNull(Matrix.Figures[2].Precision);
        Assert.AreEqual(0, Matrix.Figures[2].Recall);
        var unused = new ConfusionMatrix([ScoredRows.Of(0, 0, 0, classes: 2)], ["a", "b"]);
        Assert.AreEqual((null, null, null), (unused.Figures[1].Precision, unused.Figures[1].Recall, unused.Figures[1].F1));
        Assert.AreEqual(1, unused.MacroAccuracy, "of the classes that have rows");
    }

    [TestMethod]
    public void Confusions_come_in_the_order_of_their_counts()
    {
        var rows = new[] { (0, 1), (2, 1), (2, 1), (1, 1) }.Select((row, i) => ScoredRows.Of(i, row.Item1, row.Item2, classes: 3));
        Assert.AreSequenceEqual(new[] { (2, 1, 2), (0, 1, 1) }, new ConfusionMatrix([.. rows], ["a", "b", "c"]).Confusions());
    }
}

/// <summary>Rows as a model might score them.</summary>
static class ScoredRows
{
    /// <summary>A row that is predicted as a class with that probability, the rest of which the others share.</summary>
    public static ScoredRow Of(long position, int label, int predicted, int classes, float confidence = 0.7f)
    {
        var scores = Enumerable.Repeat((1 - confidence) / (classes - 1), classes).ToArray();
        scores[predicted] = confidence;
        return new ScoredRow(position, label, scores);
    }
}
