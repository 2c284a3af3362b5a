using System.Globalization;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LearningRateCurveTests
{
    static readonly LearningRateSweep Bare = new(From: 1e-4, To: 1, Steps: 41, Smoothing: 0, StopFactor: 1000);

    [TestMethod]
    public void Sweep_goes_from_the_first_to_the_last_by_equal_factors()
    {
        var sweep = new LearningRateSweep(From: 0.001, To: 1, Steps: 4);
        Near.Equal([0.001, 0.01, 0.1, 1], [.. Enumerable.Range(0, 4).Select(sweep.RateAt)], 1e-15);
    }

    [TestMethod]
    public void Sweep_out_of_its_range_is_refused()
    {
        Assert.StartsWith("From must be finite and more than 0, but was 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateSweep(From: 0)).Message);
        Assert.StartsWith("Steps must be 2 or more, but was 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateSweep(Steps: 1)).Message);
        Assert.StartsWith("To must be more than From, which is 0.1, but was 0.1.", Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateSweep(From: 0.1, To: 0.1).Checked()).Message);
    }

    [TestMethod]
    public void Losses_are_smoothed_from_the_first_on_without_a_bias()
    {
        var curve = new LearningRateCurve(new LearningRateSweep(Smoothing: 0.5));
        foreach (var loss in new[] { 4.0, 2, 1 })
            curve.Add(1, loss);

        // Weights 1 : 2 : 4 of the three, oldest first.
        Near.Equal([4, (4 + 2 * 2) / 3.0, (4 + 2 * 2 + 4 * 1) / 7.0], [.. curve.Points.Select(point => point.SmoothedLoss)], 1e-15);
    }

    [TestMethod]
    public void Suggestion_is_where_the_loss_falls_most_steeply_and_Valley_the_middle_of_its_fall()
    {
        // It falls from the step 10 to 30, most steeply from 24 to 25, and rises before and after.
        var curve = Of(i => i < 10 ? 2 + i * 0.01 : i <= 30 ? 3.05 - (i - 10) * 0.05 - (i >= 25 ? 1 : 0) : 1.1 + (i - 30) * 0.1);

        Assert.AreEqual(Bare.RateAt(24), curve.Suggestion!.Value, 1e-15);
        Assert.AreEqual(Bare.RateAt(20), curve.Valley!.Value, 1e-15);
        Assert.AreEqual("Learning rate 2.5e-2, where the loss falls most steeply, or 1.0e-2, in the middle of its fall; 41 steps from 1.0e-4 to 1.0e0.", $"{curve}");
    }

    [TestMethod]
    public void Suggestion_leaves_out_the_first_tenth_and_the_last_five()
    {
        // The cliffs at the ends are steeper than the slope between them.
        var curve = Of(i => i == 0 ? 100 : i < 36 ? 50 - i : 10 - i * 0.1);
        Assert.IsInRange(Bare.RateAt(4), Bare.RateAt(35), curve.Suggestion!.Value);
    }

    [TestMethod]
    public void Suggestion_is_null_where_the_loss_never_falls()
    {
        var curve = Of(i => 1 + i * 0.01);
        Assert.IsNull(curve.Suggestion);
        Assert.IsNull(curve.Valley);
        Assert.AreEqual("The loss never falls; 41 steps from 1.0e-4 to 1.0e0.", $"{curve}");
        Assert.AreEqual("The loss never falls: it is not finite.", $"{new LearningRateCurve(Bare)}");
    }

    [TestMethod]
    public void Sweep_ends_after_a_point_of_too_large_a_loss_before_one_that_is_not_finite_and_after_its_steps()
    {
        Assert.HasCount(3, Of(i => new[] { 1, 3.9, 4.1, 1 }[i], Bare with { StopFactor = 4 }).Points);
        Assert.HasCount(2, Of(i => new[] { 1, 2, double.NaN, 1 }[i]).Points);
        Assert.HasCount(1, Of(i => new[] { 1, double.PositiveInfinity }[i]).Points);
        Assert.HasCount(41, Of(_ => 1).Points);
    }

    [TestMethod]
    [DataRow("5 4 3 2 1", 0, 4)]
    [DataRow("9 1 8 7 2 6 5", 0, 6)]
    [DataRow("1 2 6 3 4 2 5", 2, 5)]
    [DataRow("7 9 5", 1, 2)]
    public void LongestFall_may_leave_values_out(string values, int first, int last) =>
        Assert.AreEqual((first, last), LongestFall.In([.. values.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))]));

    [TestMethod]
    public void LongestFall_is_null_where_nothing_falls()
    {
        Assert.IsNull(LongestFall.In([]));
        Assert.IsNull(LongestFall.In([1, 1, 2]));
    }

    [TestMethod]
    public void WriteCsv_has_a_line_for_each_point()
    {
        var curve = new LearningRateCurve(new LearningRateSweep(Smoothing: 0.5));
        curve.Add(1e-7, 4);
        curve.Add(0.1, 0.25);
        var text = new StringWriter(CultureInfo.GetCultureInfo("de-DE"));
        curve.WriteCsv(text);
        Assert.AreEqual("learning_rate,loss,smoothed_loss\n1E-07,4,4\n0.1,0.25,1.5\n", text.ToString());
    }

    static LearningRateCurve Of(Func<int, double> loss, LearningRateSweep? sweep = null)
    {
        var curve = new LearningRateCurve(sweep ?? Bare);
        for (var i = 0; !curve.IsOver; i++)
            curve.Add((sweep ?? Bare).RateAt(i), loss(i));
        return curve;
    }
}
