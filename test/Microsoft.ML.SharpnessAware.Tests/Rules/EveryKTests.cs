namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class EveryKTests
{
    [TestMethod]
    public void Direction_is_the_inner_rules_in_every_Kth_step_and_plain_in_the_others()
    {
        using var toy = Toy.At(1, 1);
        using var twin = Toy.At(1, 1);
        var steps = Run.Steps(toy, new EveryK(new Sam(0.5), K: 3), _ => toy.Quartic(3, 4), steps: 7, learningRate: 0.01);
        for (var i = 0; i < steps.Length; i++)
        {
            SharpnessRule rule = i % 3 == 0 ? new Sam(0.5) : new Plain();
            Near.Equal(Run.Steps(twin, rule, _ => twin.Quartic(3, 4), learningRate: 0.01)[0], steps[i], tolerance: 0);
        }
    }

    [TestMethod]
    public void Direction_with_K_1_is_that_of_the_inner_rule()
    {
        using var every = Toy.At(1, 1);
        using var inner = Toy.At(1, 1);
        var first = Run.Steps(every, new EveryK(new FriendlySam(new Sam(0.5)), K: 1), i => Batch(every, i), steps: 4, learningRate: 0.01);
        var second = Run.Steps(inner, new FriendlySam(new Sam(0.5)), i => Batch(inner, i), steps: 4, learningRate: 0.01);
        Near.Equal(second[^1], first[^1], tolerance: 0);

        static Tensor Batch(Toy toy, int i) => i % 2 == 0 ? toy.Quartic(3, 4) : toy.Quartic(4, 3);
    }

    [TestMethod]
    public void Direction_of_one_within_another_counts_the_steps_in_which_it_is_asked()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new EveryK(new EveryK(new Sam(0.5), K: 2), K: 3), Run.PlainSgd);
        var passes = Enumerable.Range(0, 13).Select(i => step.Run(() => toy.Quartic(3, 4), 0.01, seed: i).Passes).ToArray();
        CollectionAssert.AreEqual(new[] { 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 2 }, passes);
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it() =>
        Assert.Contains("K must be 1 or more, but was 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new EveryK(K: 0)).Message);
}
