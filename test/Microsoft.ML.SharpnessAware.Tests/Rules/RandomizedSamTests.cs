namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class RandomizedSamTests
{
    [TestMethod]
    [DataRow(0.4999, 2)]
    [DataRow(0.5, 1)]
    public void Direction_climbs_where_the_draw_is_below_the_probability(double draw, int passes)
    {
        var world = new ClosedForm([1, 1], w => 0.25 * (tensor(new double[] { 3, 4 }) * w.pow(4)).sum().reshape(1)) { Draw = draw };
        Near.Equal(passes == 2 ? [6.591, 10.976] : [3, 4], world.Direction(new RandomizedSam(new Sam(0.5))), 1e-9);
        Assert.AreEqual(passes, world.GradientPasses);
    }

    [TestMethod]
    [DataRow(2.9, 2)]
    [DataRow(3.1, 1)]
    public void Direction_follows_the_schedule_of_the_probability(double epoch, int passes)
    {
        var world = new ClosedForm([1, 1], w => 0.25 * w.pow(4).sum().reshape(1)) { Draw = 0.35 };
        world.Direction(new RandomizedSam(new Sam(0.5), Schedule: new LinearSchedule()), epoch: epoch, epochs: 10);
        Assert.AreEqual(passes, world.GradientPasses, "0.5 (1 − 3 / 10) is 0.35");
    }

    [TestMethod]
    public void Direction_with_probability_1_is_that_of_the_inner_rule()
    {
        using var toy = Toy.At(1, 1);
        using var inner = Toy.At(1, 1);
        var first = Run.Steps(toy, new RandomizedSam(new Sam(0.5), Probability: 1), _ => toy.Quartic(3, 4), steps: 8, learningRate: 0.01);
        var second = Run.Steps(inner, new Sam(0.5), _ => inner.Quartic(3, 4), steps: 8, learningRate: 0.01);
        Near.Equal(second[^1], first[^1], tolerance: 0);
    }

    [TestMethod]
    public void Direction_with_probability_0_is_that_of_the_base_optimizer()
    {
        using var toy = Toy.At(1, 1);
        using var plain = Toy.At(1, 1);
        var first = Run.Steps(toy, new RandomizedSam(new Sam(0.5), Probability: 0), _ => toy.Quartic(3, 4), steps: 8, learningRate: 0.01);
        var second = Run.Steps(plain, new Plain(), _ => plain.Quartic(3, 4), steps: 8, learningRate: 0.01);
        Near.Equal(second[^1], first[^1], tolerance: 0);
    }

    [TestMethod]
    public void Direction_climbs_in_about_the_probabilitys_share_of_steps_and_repeats_with_the_seeds()
    {
        var climbs = Climbs();
        Assert.AreEqual(0.3 * 400, climbs.Count(c => c), 4 * Math.Sqrt(400 * 0.3 * 0.7), "four standard deviations");
        CollectionAssert.AreEqual(climbs, Climbs());

        static bool[] Climbs()
        {
            using var toy = Toy.At(1, 1);
            using var step = new SamTrainStep(toy, new RandomizedSam(new Sam(0.5), Probability: 0.3), Run.PlainSgd);
            return Enumerable.Range(0, 400).Select(i => step.Run(() => toy.Quartic(3, 4), 0.001, seed: i).Passes == 2).ToArray();
        }
    }

    [TestMethod]
    public void Direction_of_two_within_each_other_draws_for_each()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new RandomizedSam(new RandomizedSam(new Sam(0.5))), Run.PlainSgd);
        var climbs = Enumerable.Range(0, 400).Count(i => step.Run(() => toy.Quartic(3, 4), 0.001, seed: i).Passes == 2);
        Assert.AreEqual(0.25 * 400, climbs, 4 * Math.Sqrt(400 * 0.25 * 0.75), "half of a half: one draw for both would make it a half");
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it() =>
        Assert.Contains("Probability must be from 0 to 1, but was 1.5.", Assert.Throws<ArgumentOutOfRangeException>(() => new RandomizedSam(Probability: 1.5)).Message);
}
