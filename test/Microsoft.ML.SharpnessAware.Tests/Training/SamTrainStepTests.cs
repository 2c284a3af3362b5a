namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SamTrainStepTests
{
    [TestMethod]
    public void Run_with_one_bad_step_after_the_other_stops_and_says_what_to_try()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new Sam(), Run.PlainSgd);
        for (var i = 0; i < 19; i++)
            Assert.IsTrue(step.Run(() => toy.Quadratic(3, 4) * double.NaN, 0.1, seed: i).Skipped);
        var error = Assert.Throws<InvalidOperationException>(() => step.Run(() => toy.Quadratic(3, 4) * double.NaN, 0.1, seed: 19));
        Assert.AreEqual("20 steps in a row were skipped, because a loss, gradient or direction was not finite (the last loss was NaN, at the perturbed weights NaN). Try a smaller learning rate or Rho, set ClipNorm, or look for inputs that are not finite.", error.Message);
        Near.Equal([1, 1], toy.Values, 0);
    }

    [TestMethod]
    public void Run_with_a_good_step_in_between_counts_again()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new Sam(), Run.PlainSgd);
        for (var i = 0; i < 50; i++)
        {
            var bad = i % 10 != 0;
            step.Run(() => bad ? toy.Quadratic(3, 4) * double.NaN : toy.Quadratic(3, 4), 0.001, seed: i);
        }
    }

    [TestMethod]
    public void Run_with_a_rule_from_outside_trains_like_ours()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new Backwards(), _ => toy.Quadratic(3, 4));
        Near.Equal([1.3, 1.4], steps[0], 1e-15);
    }

    [TestMethod]
    public void Run_with_a_direction_of_the_wrong_shape_names_the_rule()
    {
        using var toy = Toy.At(1, 1);
        var error = Assert.Throws<InvalidOperationException>(() => Run.Steps(toy, new WrongShape(), _ => toy.Quadratic(3, 4)));
        Assert.Contains("WrongShape", error.Message);
        Assert.Contains("returned a direction of shape [3], but the weights have the shape [2].", error.Message);
    }

    [TestMethod]
    public void Run_with_three_passes_gives_each_its_own_gradient()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new ThreePasses(), Run.PlainSgd);
        var report = step.Run(() => toy.Quadratic(1, 1), 0.1, seed: 0);
        Assert.AreEqual(3, report.Passes);
        Near.Equal([1 - 0.1 * (1 + 2 * 10 + 3 * 100), 1 - 0.1 * (1 + 2 * 10 + 3 * 100)], toy.Values, 1e-12, "the gradients 1, 2 and 3, weighted");
    }

    [TestMethod]
    public void Dispose_leaves_ordinary_parameters_behind()
    {
        using var net = new SmallNet();
        using (var step = new SamTrainStep(net, new FriendlySam(), new AdamW()))
            step.Run(net.Loss, 0.1, seed: 0);
        var after = net.Flat();
        net.Loss().backward();
        Assert.IsTrue(net.parameters().All(p => p.grad is not null));
        CollectionAssert.AreEqual(after, net.Flat());
    }

    sealed record Backwards : SharpnessRule
    {
        public override Tensor Direction(SamStep step) => -step.GradientAt(step.Weights);
    }

    sealed record WrongShape : SharpnessRule
    {
        public override Tensor Direction(SamStep step) => zeros(3, dtype: ScalarType.Float64);
    }

    sealed record ThreePasses : SharpnessRule
    {
        public override Tensor Direction(SamStep step)
        {
            var w = step.Weights;
            var first = step.GradientAt(w);
            var second = step.GradientAt(() => w * 2);
            var third = step.GradientAt(w * 3);
            return first + 10 * second + 100 * third;
        }
    }
}
