namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class EarlyStoppingWatchTests
{
    [TestMethod]
    public void ShouldStop_once_patience_has_run_out_on_small_improvements()
    {
        var watch = new EarlyStoppingWatch(new EarlyStopping(MinDelta: 0.01, Patience: 2));
        CollectionAssert.AreEqual(
            new[] { (true, false), (true, false), (true, false), (true, true) },
            new[] { 0.5, 0.6, 0.605, 0.609 }.Select(a => (watch.IsBest(Accuracy(a)), watch.ShouldStop)).ToArray());
    }

    [TestMethod]
    public void ShouldStop_is_put_off_by_an_improvement_that_counts()
    {
        var watch = new EarlyStoppingWatch(new EarlyStopping(MinDelta: 0.01, Patience: 2));
        CollectionAssert.AreEqual(
            new[] { false, false, false, false, true },
            new[] { 0.5, 0.4, 0.6, 0.6, 0.6 }.Select(a => { watch.IsBest(Accuracy(a)); return watch.ShouldStop; }).ToArray());
    }

    [TestMethod]
    public void IsBest_by_loss_prefers_the_smaller_and_never_a_NaN()
    {
        var watch = new EarlyStoppingWatch(new EarlyStopping(EarlyStoppingMetric.Loss));
        CollectionAssert.AreEqual(
            new[] { true, false, true, false },
            new[] { 2.0, 3.0, 1.0, double.NaN }.Select(l => watch.IsBest(new ValidationResult(l, 0, 0))).ToArray());
    }

    [TestMethod]
    public void IsBest_by_macro_accuracy_has_no_eye_for_the_others()
    {
        var watch = new EarlyStoppingWatch(new EarlyStopping(EarlyStoppingMetric.MacroAccuracy, Patience: 2));
        CollectionAssert.AreEqual(
            new[] { (true, false), (false, false), (true, false), (false, false), (false, true) },
            new[] { 0.5, 0.4, 0.6, 0.5, 0.5 }.Select((macro, i) => (watch.IsBest(new ValidationResult(1 - i, i, macro)), watch.ShouldStop)).ToArray());
    }

    [TestMethod]
    [DataRow(EarlyStoppingMetric.Accuracy)]
    [DataRow(EarlyStoppingMetric.MacroAccuracy)]
    public void IsBest_on_a_tie_goes_by_the_loss_and_then_by_the_later_epoch(EarlyStoppingMetric metric)
    {
        var watch = new EarlyStoppingWatch(new EarlyStopping(metric));
        Assert.AreSequenceEqual(
            [true, false, true, true, false],
            [.. new[] { 0.7, 0.9, 0.5, 0.5, 0.6 }.Select(loss => watch.IsBest(new ValidationResult(loss, 0.8, 0.8)))]);
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void IsBest_is_no_epoch_whose_loss_is_not_finite(double loss)
    {
        var watch = new EarlyStoppingWatch(new EarlyStopping(Patience: 2));
        Assert.IsFalse(watch.IsBest(new ValidationResult(loss, 0.9, 0.9)));
        Assert.IsTrue(watch.IsBest(new ValidationResult(1, 0.1, 0.1)));
        Assert.IsFalse(watch.IsBest(new ValidationResult(loss, 0.9, 0.9)));
        Assert.IsFalse(watch.ShouldStop);
        Assert.IsFalse(watch.IsBest(new ValidationResult(loss, 0.9, 0.9)));
        Assert.IsTrue(watch.ShouldStop);
    }

    [TestMethod]
    public void ShouldStop_without_criteria_never_comes()
    {
        var watch = new EarlyStoppingWatch(null);
        for (var i = 0; i < 100; i++)
        {
            watch.IsBest(Accuracy(0.5));
            Assert.IsFalse(watch.ShouldStop);
        }
    }

    static ValidationResult Accuracy(double accuracy) => new(Loss: 1, accuracy, MacroAccuracy: 0);
}
