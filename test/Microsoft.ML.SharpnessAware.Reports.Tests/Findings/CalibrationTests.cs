namespace Microsoft.ML.SharpnessAware.Reports.Tests;

[TestClass]
public class CalibrationTests
{
    // Probabilities are float32.
    const double Float32 = 1e-6;

    [TestMethod]
    public void ExpectedError_is_the_mean_distance_of_confidence_and_accuracy_by_bin()
    {
        // Of ten bins, (0.6, 0.7] has two rows of 0.65 and 0.7, one right: |0.5 − 0.675|. (0.9, 1] has three of 0.95, all right: |1 − 0.95|.
        ScoredRow[] rows = [Row(true, 0.65f), Row(false, 0.7f), Row(true, 0.95f), Row(true, 0.95f), Row(true, 0.95f)];

        var calibration = new Calibration(rows, bins: 10);

        Assert.AreEqual(2 / 5.0 * 0.175 + 3 / 5.0 * 0.05, calibration.ExpectedError, Float32);
        Assert.AreEqual((0.65 + 0.7 + 3 * 0.95) / 5, calibration.MeanConfidence, Float32);
        Assert.AreSequenceEqual(new[] { 0, 0, 0, 0, 0, 0, 2, 0, 0, 3 }, calibration.Bins.Select(bin => bin.Rows));
        Assert.AreEqual((0.5, 1.0), (calibration.Bins[6].Accuracy, calibration.Bins[9].Accuracy));
    }

    [TestMethod]
    public void LogLoss_is_of_the_probability_of_the_rows_own_class()
    {
        var calibration = new Calibration([Row(true, 0.8f), Row(false, 0.8f)], bins: 15);

        Assert.AreEqual(-(Math.Log(0.8) + Math.Log(0.2)) / 2, calibration.LogLoss, Float32);
    }

    [TestMethod]
    [DataRow(0.5f, 1)]
    [DataRow(0.51f, 2)]
    [DataRow(0.75f, 2)]
    [DataRow(1f, 3)]
    public void Bins_include_their_upper_end(float confidence, int bin)
    {
        var calibration = new Calibration([Row(true, confidence)], bins: 4);

        Assert.AreEqual(bin, calibration.Bins.ToList().FindIndex(one => one.Rows == 1));
    }

    [TestMethod]
    public void Loss_of_an_impossible_class_is_finite()
    {
        var row = new ScoredRow(0, 1, [1f, 0f]);
        Assert.AreEqual(-Math.Log(1e-38), row.Loss, 1e-9);
    }

    static ScoredRow Row(bool isRight, float confidence) => ScoredRows.Of(0, isRight ? 0 : 1, 0, classes: 2, confidence);
}
