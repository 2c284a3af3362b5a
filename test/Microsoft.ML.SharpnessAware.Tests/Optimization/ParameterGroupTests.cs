namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ParameterGroupTests
{
    [TestMethod]
    public void Each_group_has_the_learning_rate_of_its_own_optimizer()
    {
        using var toy = new Toy(("body", [1]), ("head", [1]));
        using var step = new SamTrainStep(toy, new Sam(0.5), Run.PlainSgd with { LearningRate = 0.1 }, Head(Run.PlainSgd with { LearningRate = 0.5 }));
        step.Run(() => toy.Quadratic(3, 4), learningRate: 0.1, seed: 0);
        Near.Equal([1 - 0.01 * 3.9, 1 - 0.05 * 5.6], toy.Values, 1e-12, "one ε over both groups, and each its own learning rate, scaled alike; 1e-12 is added to ‖g‖");
    }

    [TestMethod]
    public void Groups_lie_apart_and_steps_do_not_mix_them_up()
    {
        using var toy = new Toy(("head.a", [1]), ("body", [1, 1]), ("head.b", [1]));
        var settings = new StepSettings { Groups = [new ParameterGroup(new WeightsNamed("head.*"), Run.PlainSgd)] };
        using (var weights = new FlatWeights(toy, [new WeightsNamed("head.*")]))
        {
            Assert.AreEqual("body head.a head.b", string.Join(" ", weights.Blocks.Select(b => b.Name)));
            CollectionAssert.AreEqual(new long[] { 2, 2 }, weights.GroupSizes.ToArray());
        }
        using var step = new SamTrainStep(toy, new Plain(), Run.PlainSgd with { LearningRate = 0.1 }, settings);
        step.Run(() => toy.Quadratic(1, 2, 3, 4), learningRate: 1, seed: 0);
        Near.Equal([1 - 1, 1 - 0.2, 1 - 0.3, 1 - 4], toy.Values, 1e-15);
    }

    [TestMethod]
    public void One_group_that_has_all_is_as_good_as_none()
    {
        CollectionAssert.AreEqual(After(new AdamW(), new StepSettings()), After(new Sgd(), new StepSettings { Groups = [new ParameterGroup(new AllWeights(), new AdamW())] }));

        static float[] After(BaseOptimizer optimizer, StepSettings settings)
        {
            using var net = new SmallNet();
            using var step = new SamTrainStep(net, new Asam(), optimizer, settings);
            for (var i = 0; i < 3; i++)
                step.Run(net.Loss, learningRate: 1, seed: i);
            return net.Flat();
        }
    }

    [TestMethod]
    public void Each_group_keeps_the_state_of_its_own_optimizer()
    {
        using var toy = new Toy(("body", [1]), ("head", [1]));
        using var step = new SamTrainStep(toy, new Plain(), new Sgd(LearningRate: 1, Momentum: 0.9, WeightDecay: 0), Head(new AdamW(WeightDecay: 0)));
        for (var i = 0; i < 2; i++)
            step.Run(() => (toy.W * tensor(new double[] { 2, 3 })).sum(), learningRate: 0.1, seed: i);
        Near.Equal([1 - 0.1 * 2 - 0.1 * 3.8, 1 - 2 * 1e-4], toy.Values, 1e-12, "AdamW's ε of 1e-8 against a gradient of 3, times the learning rate");
    }

    static StepSettings Head(BaseOptimizer optimizer) => new() { Groups = [new ParameterGroup(new WeightsNamed("head"), optimizer)] };
}
