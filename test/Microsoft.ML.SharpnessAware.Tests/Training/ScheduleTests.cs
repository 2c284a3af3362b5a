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
    public void Constructors_with_wrong_numbers_name_them()
    {
        Assert.Contains("EveryEpochs must be 1 or more, but was 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new StepSchedule(0)).Message);
        Assert.Contains("EndFactor must be from 0 to 1, but was 2.", Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(2)).Message);
        Assert.Contains("WarmupEpochs must be finite and 0 or more, but was NaN.", Assert.Throws<ArgumentOutOfRangeException>(() => new WarmupCosineSchedule(double.NaN)).Message);
    }
}
