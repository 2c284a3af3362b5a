namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetConfusionMatrixTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Evaluate_gives_the_hand_counted_confusion_matrix()
    {
        var matrix = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(ScoredRows.Five)).ConfusionMatrix;

        Assert.AreEqual(3, matrix.NumberOfClasses);
        Assert.AreEqual("2 1 0 | 0 1 0 | 1 0 0", string.Join(" | ", matrix.Counts.Select(row => string.Join(' ', row))));
        Assert.AreEqual(1, matrix.GetCountForClassPair(predictedClassIndicatorIndex: 1, actualClassIndicatorIndex: 0));
        Assert.AreEqual(0, matrix.GetCountForClassPair(predictedClassIndicatorIndex: 0, actualClassIndicatorIndex: 1));
        Assert.AreSequenceEqual([2.0 / 3, 1.0 / 2, 0], matrix.PerClassPrecision);
        Assert.AreSequenceEqual([2.0 / 3, 1, 0], matrix.PerClassRecall);
    }

    [TestMethod]
    public void GetCountForClassPair_past_the_classes_is_refused()
    {
        var matrix = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(ScoredRows.Five)).ConfusionMatrix;

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => matrix.GetCountForClassPair(3, 0));

        Assert.AreEqual(
            "Invalid index. Should be non-negative, less than the number of classes. (Parameter 'predictedClassIndicatorIndex')",
            error.Message);
    }

    [TestMethod]
    public void GetFormattedConfusionTable_numbers_classes_without_names()
    {
        var table = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(ScoredRows.Five)).ConfusionMatrix.GetFormattedConfusionTable();

        AssertLines(
            [
                "",
                "Confusion table",
                "          ||========================",
                "PREDICTED ||     0 |     1 |     2 | Recall",
                "TRUTH     ||========================",
                "        0 ||     2 |     1 |     0 | 0.6667",
                "        1 ||     0 |     1 |     0 | 1.0000",
                "        2 ||     1 |     0 |     0 | 0.0000",
                "          ||========================",
                "Precision ||0.6667 |0.5000 |0.0000 |",
                "",
            ],
            table);
    }

    [TestMethod]
    public void GetFormattedConfusionTable_shows_short_names()
    {
        var table = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(ScoredRows.Five, "cat", "dog", "bird")).ConfusionMatrix.GetFormattedConfusionTable();

        AssertLines(
            [
                "",
                "Confusion table",
                "          ||========================",
                "PREDICTED ||   cat |   dog |  bird | Recall",
                "TRUTH     ||========================",
                "      cat ||     2 |     1 |     0 | 0.6667",
                "      dog ||     0 |     1 |     0 | 1.0000",
                "     bird ||     1 |     0 |     0 | 0.0000",
                "          ||========================",
                "Precision ||0.6667 |0.5000 |0.0000 |",
                "",
            ],
            table);
    }

    [TestMethod]
    public void GetFormattedConfusionTable_numbers_long_names()
    {
        var table = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(ScoredRows.Five, "Ankle boot", "Bag", "T-shirt")).ConfusionMatrix.GetFormattedConfusionTable();

        AssertLines(
            [
                "",
                "Confusion table",
                "              ||========================",
                "PREDICTED     ||     0 |     1 |     2 | Recall",
                "TRUTH         ||========================",
                "0. Ankle boot ||     2 |     1 |     0 | 0.6667",
                "1.        Bag ||     0 |     1 |     0 | 1.0000",
                "2.    T-shirt ||     1 |     0 |     0 | 0.0000",
                "              ||========================",
                "Precision     ||0.6667 |0.5000 |0.0000 |",
                "",
            ],
            table);
    }

    [TestMethod]
    public void GetFormattedConfusionTable_of_two_classes_is_wider()
    {
        NumberedRow[] rows = [new() { Label = 1, Score = [0.1f, 0.9f] }, new() { Label = 0, Score = [0.2f, 0.8f] }];

        var table = _ml.MulticlassClassification.Evaluate(ScoredRows.Of(rows)).ConfusionMatrix.GetFormattedConfusionTable();

        AssertLines(
            [
                "",
                "Confusion table",
                "          ||======================",
                "PREDICTED ||        0 |        1 | Recall",
                "TRUTH     ||======================",
                "        0 ||        0 |        1 | 0.0000",
                "        1 ||        0 |        1 | 1.0000",
                "          ||======================",
                "Precision ||   0.0000 |   0.5000 |",
                "",
            ],
            table);
    }

    private static void AssertLines(string[] expected, string actual) => Assert.AreEqual(string.Join(Environment.NewLine, expected), actual);
}
