namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ScheduleTests
{
    const double Rounding = 1e-15;

    [TestMethod]
    public void ConstantSchedule_stays_at_1() => Assert.AreEqual(1, new ConstantSchedule().FactorAt(3.7, 10));

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(29.99, 1)]
    [DataRow(30, 0.1)]
    [DataRow(60, 0.01)]
    public void StepSchedule_falls_every_so_many_epochs(double epoch, double factor) =>
        Assert.AreEqual(factor, new StepSchedule(30, 0.1).FactorAt(epoch, 90), Rounding);

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(2.5, 0.8681980515339464)] // 0.1 + 0.9 (1 + cos 45°) / 2
    [DataRow(5, 0.55)]
    [DataRow(10, 0.1)]
    public void CosineSchedule_falls_along_half_a_cosine_to_its_end(double epoch, double factor) =>
        Assert.AreEqual(factor, new CosineSchedule(0.1).FactorAt(epoch, 10), Rounding);

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(1, 0.5)]
    [DataRow(2, 1)]
    [DataRow(6, 0.5)]
    [DataRow(10, 0)]
    public void WarmupCosineSchedule_rises_then_falls(double epoch, double factor) =>
        Assert.AreEqual(factor, new WarmupCosineSchedule(2).FactorAt(epoch, 10), Rounding);

    [TestMethod]
    public void WarmupCosineSchedule_longer_than_the_run_only_rises() =>
        Assert.AreEqual(0.6, new WarmupCosineSchedule(5).FactorAt(3, 3), Rounding);

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(2.5, 0.8)]
    [DataRow(10, 0.2)]
    public void LinearSchedule_falls_in_a_straight_line_to_its_end(double epoch, double factor) =>
        Assert.AreEqual(factor, new LinearSchedule(0.2).FactorAt(epoch, 10), Rounding);

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(1, 0.5)]
    [DataRow(2, 1)]
    [DataRow(6, 0.5)]
    [DataRow(10, 0)]
    public void WarmupSchedule_rises_and_then_follows_the_other_over_the_rest(double epoch, double factor) =>
        Assert.AreEqual(factor, new WarmupSchedule(2, new LinearSchedule()).FactorAt(epoch, 10), Rounding);

    [TestMethod]
    [DataRow(2.5)]
    [DataRow(4)]
    [DataRow(40)]
    public void WarmupSchedule_into_a_cosine_is_WarmupCosineSchedule(double rise)
    {
        for (var epoch = 0.0; epoch <= 10; epoch += 0.25)
            Assert.AreEqual(new WarmupCosineSchedule(rise, 0.1).FactorAt(epoch, 10), new WarmupSchedule(rise, new CosineSchedule(0.1)).FactorAt(epoch, 10), Rounding);
    }

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(7.99, 0)]
    [DataRow(8, 1)]
    [DataRow(13, 0.5)]
    [DataRow(18, 0)]
    public void DelayedSchedule_is_0_and_then_follows_the_other_over_the_rest(double epoch, double factor) =>
        Assert.AreEqual(factor, new DelayedSchedule(8, new LinearSchedule()).FactorAt(epoch, 18), Rounding);

    [TestMethod]
    public void DelayedSchedule_as_long_as_the_run_ends_where_the_other_begins()
    {
        Assert.AreEqual(0, new DelayedSchedule(3).FactorAt(2.9, 3));
        Assert.AreEqual(1, new DelayedSchedule(3, new CosineSchedule()).FactorAt(3, 3));
    }

    // ρ from 0.6 to 0.1 while the learning rate goes from 3e-3 to 3e-5: ρ = 0.1 + 0.5 (η − 3e-5) / (3e-3 − 3e-5).
    [TestMethod]
    [DataRow(0, 0.6)]
    [DataRow(25, 0.475)]
    [DataRow(50, 0.35)]
    [DataRow(100, 0.1)]
    public void TiedSchedule_gives_the_radii_of_GSAM(double epoch, double rho) =>
        Assert.AreEqual(rho, 0.6 * new TiedSchedule(new LinearSchedule(0.01), EndFactor: 0.1 / 0.6, LeastFactor: 0.01).FactorAt(epoch, 100), Rounding);

    [TestMethod]
    public void TiedSchedule_below_the_least_learning_rate_stays_at_its_end() =>
        Assert.AreEqual(0.25, new TiedSchedule(new WarmupSchedule(10), EndFactor: 0.25, LeastFactor: 0.5).FactorAt(2, 100));

    [TestMethod]
    public void TiedSchedule_by_itself_is_the_learning_rate_of_a_cosine()
    {
        for (var epoch = 0.0; epoch <= 10; epoch += 0.5)
            Assert.AreEqual(new CosineSchedule().FactorAt(epoch, 10), new TiedSchedule().FactorAt(epoch, 10), Rounding);
    }

    [TestMethod]
    public void Constructors_with_wrong_numbers_name_them()
    {
        Assert.Contains("EveryEpochs must be 1 or more, but was 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new StepSchedule(0)).Message);
        Assert.Contains("EndFactor must be from 0 to 1, but was 2.", Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(2)).Message);
        Assert.Contains("WarmupEpochs must be finite and 0 or more, but was NaN.", Assert.Throws<ArgumentOutOfRangeException>(() => new WarmupCosineSchedule(double.NaN)).Message);
        Assert.Contains("EndFactor must be from 0 to 1, but was -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new LinearSchedule(-1)).Message);
        Assert.Contains("Epochs must be finite and 0 or more, but was -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new WarmupSchedule(-1)).Message);
        Assert.Contains("Epochs must be finite and 0 or more, but was -2.", Assert.Throws<ArgumentOutOfRangeException>(() => new DelayedSchedule() with { Epochs = -2 }).Message);
        Assert.Contains("EndFactor must be from 0 to 1, but was 1.5.", Assert.Throws<ArgumentOutOfRangeException>(() => new TiedSchedule(EndFactor: 1.5)).Message);
        Assert.Contains("LeastFactor must be 0 or more and less than 1, but was 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new TiedSchedule(LeastFactor: 1)).Message);
    }
}
