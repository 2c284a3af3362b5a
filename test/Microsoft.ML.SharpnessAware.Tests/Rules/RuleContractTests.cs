namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What holds for every rule under every base optimizer.</summary>
[TestClass]
public class RuleContractTests
{
    const double LearningRate = 0.1;

    static IEnumerable<object[]> Rules() => AllRules.Defaults().Select(r => new object[] { r });

    static IEnumerable<object[]> RulesAndOptimizers() => AllRules.Defaults().SelectMany(_ => AllRules.Optimizers(), (r, o) => new object[] { r, o });

    // SAMPa mixes the gradients of two batches, whatever ρ is: that is the method. What holds instead is in SamPaTests.
    static IEnumerable<object[]> RulesThatPerturbAlone() => RulesAndOptimizers().Where(r => r[0] is not SamPa);

    [TestMethod]
    public void Reflection_finds_the_rules() =>
        CollectionAssert.IsSubsetOf(new[] { typeof(Sam), typeof(Asam), typeof(FriendlySam), typeof(Plain) }, AllRules.Defaults().Select(r => r.GetType()).ToArray());

    [TestMethod]
    [DynamicData(nameof(RulesThatPerturbAlone))]
    public void Rho_0_is_the_base_optimizer_bit_for_bit(SharpnessRule rule, BaseOptimizer optimizer) =>
        AssertSame(StateAfter(new Plain(), optimizer, steps: 4), StateAfter(AllRules.WithRho(rule, 0), optimizer, steps: 4));

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void A_schedule_that_says_0_is_rho_0_bit_for_bit(SharpnessRule rule) =>
        AssertSame(StateAfter(AllRules.WithRho(rule, 0), new Sgd(), steps: 4), StateAfter(rule, new Sgd(), steps: 4, rhoFactor: 0));

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void A_group_with_the_same_optimizer_changes_no_bit(SharpnessRule rule) =>
        AssertSame(StateAfter(rule, new Sgd(), steps: 4), StateAfter(rule, new Sgd(), steps: 4, new StepSettings { ParameterGroups = [new ParameterGroup(new WeightsNamed("fc.*"), new Sgd())] }));

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void A_parameter_without_a_gradient_stays_and_counts_in_no_norm(SharpnessRule rule)
    {
        using var toy = new Toy(("weight", [1, 2]), ("unused_weight", [3]));
        using var alone = new Toy(("weight", [1, 2]));
        var optimizer = new Sgd(LearningRate: 1, WeightDecay: 0);
        Run.Steps(toy, rule, _ => toy.Quartic(3, 4, 0), steps: 3, learningRate: 0.01, optimizer);
        Run.Steps(alone, rule, _ => alone.Quartic(3, 4), steps: 3, learningRate: 0.01, optimizer);
        Assert.AreEqual(3, toy.Values[2]);
        Near.Equal(alone.Values, toy.Values[..2], 1e-12, "rounding, in sums of another length");
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndOptimizers))]
    public void Learning_rate_0_leaves_every_bit_of_the_weights(SharpnessRule rule, BaseOptimizer optimizer)
    {
        using var net = new SmallNet();
        var before = net.Flat();
        using (var step = new SamTrainStep(net, rule, optimizer))
            for (var i = 0; i < 3; i++)
                step.Run(net.Loss, learningRate: 0, seed: i);
        CollectionAssert.AreEqual(before, net.Flat());
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndOptimizers))]
    public void A_pass_that_throws_leaves_everything_as_it_was_and_the_next_step_works(SharpnessRule rule, BaseOptimizer optimizer)
    {
        using var twins = new Twins(rule, optimizer);
        var passes = 0;
        twins.Reference.Run(() => Counted(twins.Unbroken.Loss), LearningRate, seed: 1);
        var before = twins.Net.State();

        foreach (var failing in Enumerable.Range(1, passes))
        {
            passes = 0;
            Assert.Throws<IOException>(() => twins.Step.Run(() => Counted(() => passes == failing ? throw new IOException() : twins.Net.Loss()), LearningRate, seed: 1));
            AssertSame(before, twins.Net.State());
        }

        twins.Step.Run(twins.Net.Loss, LearningRate, seed: 1);
        AssertSame(twins.Unbroken.State(), twins.Net.State());

        Tensor Counted(Func<Tensor> loss)
        {
            passes++;
            return loss();
        }
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndOptimizers))]
    public void A_step_that_is_not_finite_is_skipped_whole(SharpnessRule rule, BaseOptimizer optimizer)
    {
        using var twins = new Twins(rule, optimizer);
        var before = twins.Net.State();

        Assert.IsTrue(twins.Step.Run(() => twins.Net.Loss() * double.NaN, LearningRate, seed: 1).Skipped);
        Assert.IsTrue(twins.Step.Run(() => twins.Net.Loss() * double.PositiveInfinity, LearningRate, seed: 1).Skipped);
        AssertSame(before, twins.Net.State());

        Assert.IsFalse(twins.Step.Run(twins.Net.Loss, LearningRate, seed: 1).Skipped);
        twins.Reference.Run(twins.Unbroken.Loss, LearningRate, seed: 1);
        AssertSame(twins.Unbroken.State(), twins.Net.State());
    }

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Running_statistics_are_those_of_one_clean_forward_pass(SharpnessRule rule)
    {
        using var net = new SmallNet();
        using var clean = new SmallNet();
        using (var step = new SamTrainStep(net, rule, new Sgd()))
            step.Run(net.Loss, LearningRate, seed: 0);
        clean.Loss().Dispose();

        var (state, expected) = (net.State(), clean.State());
        foreach (var name in new[] { "norm.running_mean", "norm.running_var", "norm.num_batches_tracked" })
            CollectionAssert.AreEqual(expected[name], state[name], name);
    }

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Dropout_draws_the_same_mask_in_all_passes_unless_told_otherwise(SharpnessRule rule)
    {
        var still = AllRules.WithRho(rule, 0);
        Assert.AreEqual(0, Spread(still, freshMasks: false), "the loss moves by its mask alone");
        if (PassesOf(rule) > 1)
            Assert.AreNotEqual(0, Spread(still, freshMasks: true));

        static double Spread(SharpnessRule rule, bool freshMasks)
        {
            using var net = new SmallNet();
            using var step = new SamTrainStep(net, rule, new Sgd(), new StepSettings { FreshMasks = freshMasks });
            var report = step.Run(net.Loss, LearningRate, seed: 0);
            return report.PerturbedLoss - report.Loss;
        }
    }

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Weight_decay_and_momentum_do_not_shape_the_first_direction(SharpnessRule rule)
    {
        Assert.AreEqual(NormWith(new Sgd(Momentum: 0, WeightDecay: 0)), NormWith(new Sgd(Momentum: 0.9, WeightDecay: 0.5)));

        double NormWith(BaseOptimizer optimizer)
        {
            using var net = new SmallNet();
            using var step = new SamTrainStep(net, rule, optimizer);
            return step.Run(net.Loss, LearningRate, seed: 0).DirectionNorm;
        }
    }

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Clipping_bounds_the_move_of_the_weights(SharpnessRule rule)
    {
        using var net = new SmallNet();
        var before = net.Flat();
        using var step = new SamTrainStep(net, rule, new Sgd(LearningRate: 1, Momentum: 0, WeightDecay: 0), new StepSettings { ClipNorm = 0.01 });
        Assert.IsGreaterThan(0.01, step.Run(net.Loss, learningRate: 1, seed: 0).DirectionNorm, "else nothing is clipped here");
        var move = Math.Sqrt(net.Flat().Zip(before, (a, b) => Math.Pow((double)a - b, 2)).Sum());
        Assert.AreEqual(0.01, move, 1e-6, "float32 differences of weights of size 1");
    }

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void A_frozen_parameter_does_not_move_and_counts_in_no_norm(SharpnessRule rule)
    {
        using var net = new SmallNet();
        net.Freeze("conv.weight");
        var before = net.Values("conv.weight");
        var epsilon = EpsilonOfOneStep(net, rule);
        CollectionAssert.AreEqual(before, net.Values("conv.weight"));
        if (rule is Sam sam)
            Assert.AreEqual(sam.Rho, Math.Sqrt(epsilon!.Sum(e => e * e)), 1e-5, "‖ε‖ over the other parameters is ρ, to float32 rounding");
    }

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void An_excluded_parameter_is_trained_but_not_perturbed(SharpnessRule rule)
    {
        if (rule is not Ascent ascent)
            return;
        using var net = new SmallNet();
        var capture = new Capture(ascent);
        using var step = new SamTrainStep(net, capture, new Sgd(), new StepSettings { PerturbedWeights = new AllBut("fc.weight") });
        step.Run(net.Loss, LearningRate, seed: 0);

        var offset = net.TrainableNames.TakeWhile(n => n != "fc.weight").Sum(n => net.Values(n).Length);
        var excluded = capture.Epsilons[0].Skip(offset).Take(net.Values("fc.weight").Length).ToArray();
        Assert.IsTrue(Array.TrueForAll(excluded, e => e == 0));
        Assert.AreEqual(12, excluded.Length);
        Assert.IsTrue(capture.Epsilons[0].Any(e => e != 0));
        using var untouched = new SmallNet();
        CollectionAssert.AreNotEqual(untouched.Values("fc.weight"), net.Values("fc.weight"));
    }

    [TestMethod]
    [DynamicData(nameof(RulesAndOptimizers))]
    public void No_tensor_outlives_its_step(SharpnessRule rule, BaseOptimizer optimizer)
    {
        using var net = new SmallNet();
        using var step = new SamTrainStep(net, rule, optimizer);
        for (var i = 0; i < 3; i++)
            step.Run(net.Loss, LearningRate, seed: i);
        var before = LiveTensors.Before();
        for (var i = 3; i < 6; i++)
            step.Run(net.Loss, LearningRate, seed: i);
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void A_negative_number_or_NaN_is_refused_by_name(SharpnessRule rule)
    {
        foreach (var property in AllRules.Numbers(rule))
            foreach (var wrong in MayBeNegative(property) ? [double.NaN] : new[] { -1, double.NaN })
            {
                var error = Assert.Throws<System.Reflection.TargetInvocationException>(() => property.SetValue(AllRules.Copy(rule), wrong)).InnerException;
                Assert.IsInstanceOfType<ArgumentOutOfRangeException>(error);
                Assert.Contains($"{property.Name} must be ", error.Message);
            }
    }

    // Bounds above or below a mean.
    static bool MayBeNegative(System.Reflection.PropertyInfo property) => property.DeclaringType == typeof(AdaptiveSam) && property.Name.StartsWith("Lambda", StringComparison.Ordinal);

    static Dictionary<string, byte[]> StateAfter(SharpnessRule rule, BaseOptimizer optimizer, int steps, StepSettings? settings = null, double rhoFactor = 1)
    {
        using var net = new SmallNet();
        using var step = new SamTrainStep(net, rule, optimizer, settings);
        for (var i = 0; i < steps; i++)
            step.Run(net.Loss, LearningRate, seed: i, rhoFactor);
        return net.State();
    }

    static int PassesOf(SharpnessRule rule)
    {
        using var net = new SmallNet();
        using var step = new SamTrainStep(net, rule, new Sgd());
        return step.Run(net.Loss, LearningRate, seed: 0).Passes;
    }

    // Null for a rule that has none.
    static double[]? EpsilonOfOneStep(SmallNet net, SharpnessRule rule)
    {
        var capture = rule is Ascent ascent ? new Capture(ascent) : null;
        using var step = new SamTrainStep(net, capture ?? rule, new Sgd());
        step.Run(net.Loss, LearningRate, seed: 0);
        return capture?.Epsilons[0];
    }

    static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        foreach (var (name, bytes) in expected)
            CollectionAssert.AreEqual(bytes, actual[name], name);
    }

    /// <summary>Two networks that have taken the same first step: one to be disturbed, one to compare it with.</summary>
    sealed class Twins : IDisposable
    {
        public Twins(SharpnessRule rule, BaseOptimizer optimizer)
        {
            Step = new SamTrainStep(Net, rule, optimizer);
            Reference = new SamTrainStep(Unbroken, rule, optimizer);
            Step.Run(Net.Loss, LearningRate, seed: 0);
            Reference.Run(Unbroken.Loss, LearningRate, seed: 0);
        }

        public SmallNet Net { get; } = new();

        public SmallNet Unbroken { get; } = new();

        public SamTrainStep Step { get; }

        public SamTrainStep Reference { get; }

        public void Dispose()
        {
            Step.Dispose();
            Reference.Dispose();
            Net.Dispose();
            Unbroken.Dispose();
        }
    }
}
