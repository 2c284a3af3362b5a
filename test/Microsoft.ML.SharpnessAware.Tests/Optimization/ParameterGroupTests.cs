using TorchSharp.Modules;

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
        var settings = new StepSettings { ParameterGroups = [new ParameterGroup(new WeightsNamed("head.*"), Run.PlainSgd)] };
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
        CollectionAssert.AreEqual(After(new AdamW(), new StepSettings()), After(new Sgd(), new StepSettings { ParameterGroups = [new ParameterGroup(new AllWeights(), new AdamW())] }));

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

    [TestMethod]
    public void Rho_of_a_group_holds_for_its_part_of_epsilon_and_the_norm_is_over_all()
    {
        using var toy = new Toy(("body", [1]), ("head", [1]));
        var rule = new Capture(new Sam(0.05));
        using var step = new SamTrainStep(toy, rule, Run.PlainSgd, new StepSettings { ParameterGroups = [new ParameterGroup(new WeightsNamed("head"), Run.PlainSgd, Rho: 0.5)] });

        step.Run(() => (toy.W * tensor(new double[] { 3, 4 })).sum(), learningRate: 1, seed: 1);

        // g / ‖g‖ is (0.6, 0.8).
        Near.Equal([0.05 * 0.6, 0.5 * 0.8], rule.Epsilons.Single(), 1e-12, "the floor under ‖g‖");
    }

    [TestMethod]
    public void Rho_of_zero_leaves_a_group_where_it_is_and_that_of_the_rule_may_be_zero()
    {
        using var toy = new Toy(("body", [1]), ("head", [1]));
        var rule = new Capture(new Asam(Rho: 0, Eta: 0) { ScaleBiases = true });
        using var step = new SamTrainStep(toy, rule, Run.PlainSgd, new StepSettings { ParameterGroups = [new ParameterGroup(new WeightsNamed("head"), Run.PlainSgd, Rho: 2)] });

        step.Run(() => (toy.W * tensor(new double[] { 3, 4 })).sum(), learningRate: 1, seed: 1);

        // Both weights are 1, so that T²g / ‖Tg‖ is (0.6, 0.8).
        Near.Equal([0, 2 * 0.8], rule.Epsilons.Single(), 1e-11);
    }

    [TestMethod]
    public void Rho_of_a_group_follows_the_schedule_and_is_refused_below_zero()
    {
        using var toy = new Toy(("body", [1]), ("head", [1]));
        var rule = new Capture(new Sam(0.05));
        using var step = new SamTrainStep(toy, rule, Run.PlainSgd, new StepSettings { ParameterGroups = [new ParameterGroup(new WeightsNamed("head"), Run.PlainSgd, Rho: 0.5)] });

        step.Run(new MeanLoss(() => (toy.W * tensor(new double[] { 3, 4 })).sum()), new StepMoment { Seed = 1, RhoFactor = 0.5 });

        Near.Equal([0.025 * 0.6, 0.25 * 0.8], rule.Epsilons.Single(), 1e-12, "the floor under ‖g‖");
        Assert.AreEqual("Rho must be finite and 0 or more, but was -1.", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ParameterGroup(Rho: -1)).Message.Split(" (Parameter")[0]);
    }

    [TestMethod]
    public void Optimizer_that_throws_in_one_group_leaves_all_groups_and_the_memory_as_they_were()
    {
        using var toy = new Toy(("body", [1]), ("head", [1]));
        var fails = false;
        using var step = new SamTrainStep(toy, new FriendlySam(), new AdamW(LearningRate: 0.1), Head(new FailingSgd(() => fails)));
        void Step(int seed) => step.Run(() => (toy.W * tensor(new double[] { 2, 3 })).sum(), learningRate: 1, seed);
        Step(1);
        var (weights, kept) = (toy.Values, Bits());

        fails = true;
        Assert.ThrowsExactly<NotSupportedException>(() => Step(2));

        Assert.AreSequenceEqual(weights, toy.Values);
        var after = Bits();
        CollectionAssert.AreEquivalent(kept.Keys, after.Keys);
        foreach (var (name, bits) in kept)
            Assert.AreSequenceEqual(bits, after[name], name);

        Dictionary<string, byte[]> Bits()
        {
            using var scope = NewDisposeScope();
            return step.Kept().ToDictionary(tensor => tensor.Key, tensor => tensor.Value.cpu().contiguous().bytes.ToArray());
        }
    }

    static StepSettings Head(BaseOptimizer optimizer) => new() { ParameterGroups = [new ParameterGroup(new WeightsNamed("head"), optimizer)] };

    sealed record FailingSgd(Func<bool> Fails) : BaseOptimizer
    {
        public override double LearningRate { get; init; } = 0.1;

        public override optim.Optimizer Create(Parameter weights) => new Failing(weights, Fails);

        sealed class Failing(Parameter weights, Func<bool> fails) : SGD([weights], 0.1)
        {
            public override Tensor step(Func<Tensor>? closure = null)
            {
                var loss = base.step(closure!);
                return fails() ? throw new NotSupportedException("This optimizer fails.") : loss;
            }
        }
    }
}
