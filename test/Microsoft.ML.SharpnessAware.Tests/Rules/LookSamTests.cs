namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LookSamTests
{
    const double Printed = 1e-9;

    [TestMethod]
    public void Direction_over_four_steps_follows_the_oracle()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new LookSam(new Sam(0.5), K: 2, Alpha: 0.7), _ => toy.Quartic(3, 4), steps: 4, learningRate: 0.01);
        Near.Equal([0.93409, 0.89024], steps[0], Printed);
        Near.Equal([0.9305499777, 0.8463355767], steps[1], Printed);
        Near.Equal([0.8671098306, 0.7771400358], steps[2], Printed);
        Near.Equal([0.8609910979, 0.744967496], steps[3], Printed);
    }

    [TestMethod]
    public void Direction_in_each_step_is_that_of_the_oracle()
    {
        double[][] directions = [[6.591, 10.976], [0.3540022318, 4.390442331], [6.344014708, 6.919554092], [0.6118732668, 3.217253978]];
        using var toy = Toy.At(1, 1);
        double[][] points = [[1, 1], .. Run.Steps(toy, new LookSam(new Sam(0.5), K: 2), _ => toy.Quartic(3, 4), steps: 4, learningRate: 0.01)];
        for (var i = 0; i < 4; i++)
            Near.Equal(directions[i], points[i].Zip(points[i + 1], (from, to) => (from - to) / 0.01).ToArray(), 5e-8, "the oracle has a floor of 1e-8 under ‖g_v‖, which the eighth digit shows");
    }

    [TestMethod]
    public void Direction_reused_at_the_same_weights_is_that_of_the_oracle()
    {
        using var memory = new RuleMemory();
        var world = ClosedForm.Quartic(3, 4);
        var rule = new LookSam(new Sam(0.5));
        Near.Equal([6.591, 10.976], world.Direction(rule, memory), Printed);
        Near.Equal([-1.05024, 0.78768], memory.Recall("g_v")!.data<double>().ToArray(), Printed);
        Near.Equal([0.2, 6.1], world.Direction(rule, memory, index: 1), Printed);
        Assert.AreEqual(3, world.GradientPasses, "two passes, then one");
    }

    [TestMethod]
    public void Direction_with_K_1_is_that_of_the_inner_rule()
    {
        using var look = Toy.At(1, 1);
        using var inner = Toy.At(1, 1);
        var first = Run.Steps(look, new LookSam(new Asam(0.5), K: 1), _ => look.Quartic(3, 4), steps: 5, learningRate: 0.01);
        var second = Run.Steps(inner, new Asam(0.5), _ => inner.Quartic(3, 4), steps: 5, learningRate: 0.01);
        Near.Equal(second[^1], first[^1], tolerance: 0);
    }

    [TestMethod]
    public void Direction_where_the_two_gradients_are_parallel_adds_nothing_in_place_of_rounding()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new LookSam(new Sam(0.5), K: 2), _ => toy.Quartic(3, 3), steps: 2, learningRate: 0.01);
        var next = steps[0].Select(w => w - 0.01 * 3 * w * w * w).ToArray();
        Near.Equal(next, steps[1], 1e-15, "rounding");
    }

    [TestMethod]
    public void Direction_at_a_zero_gradient_leaves_the_weights()
    {
        using var toy = Toy.At(0, 0);
        Near.Equal([0, 0], Run.Steps(toy, new LookSam(new Sam(0.5), K: 2), _ => toy.Quartic(3, 4), steps: 3)[^1], tolerance: 0);
    }

    [TestMethod]
    public void Direction_after_a_skipped_climb_climbs_again()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new LookSam(new Sam(0.5), K: 3), Run.PlainSgd);
        Assert.IsTrue(step.Run(() => toy.Quartic(3, 4) * double.NaN, 0.01, seed: 0).Skipped);
        Assert.AreEqual(2, step.Run(() => toy.Quartic(3, 4), 0.01, seed: 1).Passes);
        Assert.AreEqual(1, step.Run(() => toy.Quartic(3, 4), 0.01, seed: 2).Passes);
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it()
    {
        Assert.Contains("K must be 1 or more, but was 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new LookSam(K: 0)).Message);
        Assert.Contains("Alpha must be finite and 0 or more, but was -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new LookSam(Alpha: -1)).Message);
    }
}
