using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class FlatOptimizerTests
{
    static IEnumerable<object[]> Optimizers() => AllRules.Optimizers().Append(new Sgd(Momentum: 0)).Select(o => new object[] { o });

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Ahead_is_where_a_step_leads_and_changes_nothing(BaseOptimizer optimizer)
    {
        using var toy = Toy.At(1, -2, 3);
        using var weights = new FlatWeights(toy);
        using var flat = new FlatOptimizer(weights, [optimizer]);
        using var noGrad = no_grad();
        for (var i = 0; i < 4; i++)
        {
            using var scope = NewDisposeScope();
            var direction = tensor(new double[] { 1, 2 + i, -1 });
            var before = toy.Values;
            var ahead = flat.Ahead(direction, 0.5).data<double>().ToArray();
            CollectionAssert.AreEqual(before, toy.Values);
            CollectionAssert.AreEqual(ahead, flat.Ahead(direction, 0.5).data<double>().ToArray(), "twice the same");
            flat.Step(direction, 0.5);
            CollectionAssert.AreEqual(ahead, toy.Values);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Load_of_what_Kept_gave_goes_on_bit_for_bit(BaseOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var toy = Toy.At(1, -2, 3);
        using var weights = new FlatWeights(toy);
        using var first = new FlatOptimizer(weights, [optimizer]);
        var direction = tensor(new double[] { 1, 2, -1 });
        first.Step(direction, 1);
        first.Step(direction * 2, 1);

        using var other = Toy.At(toy.Values);
        using var otherWeights = new FlatWeights(other);
        using var second = new FlatOptimizer(otherWeights, [optimizer]);
        second.Load(first.Kept());

        for (var i = 0; i < 3; i++)
        {
            first.Step(direction, 1);
            second.Step(direction, 1);
            CollectionAssert.AreEqual(toy.Values, other.Values);
        }
    }

    [TestMethod]
    public void Momentum_is_SGDs_sum_and_Adams_mean()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var g = tensor(new double[] { 3, 4 });
        Near.Equal([3 + 0.9 * 3, 4 + 0.9 * 4], AfterTwo(new Sgd(WeightDecay: 0)), 1e-15);
        Near.Equal([0.3 + 0.9 * 0.3, 0.4 + 0.9 * 0.4], AfterTwo(new AdamW()), 1e-15);

        double[] AfterTwo(BaseOptimizer optimizer)
        {
            using var toy = Toy.At(1, 1);
            using var weights = new FlatWeights(toy);
            using var flat = new FlatOptimizer(weights, [optimizer]);
            flat.Step(g, 1);
            flat.Step(g, 1);
            return flat.Momentum!.data<double>().ToArray();
        }
    }

    [TestMethod]
    public void Momentum_is_null_before_the_first_step_and_without_momentum()
    {
        using var noGrad = no_grad();
        using var toy = Toy.At(1, 1);
        using var weights = new FlatWeights(toy);
        foreach (var optimizer in AllRules.Optimizers())
        {
            using var fresh = new FlatOptimizer(weights, [optimizer]);
            Assert.IsNull(fresh.Momentum, $"{optimizer}");
        }
        using var none = new FlatOptimizer(weights, [new Sgd(Momentum: 0)]);
        using var direction = tensor(new double[] { 1, 1 });
        none.Step(direction, 1);
        Assert.IsNull(none.Momentum);
    }

    [TestMethod]
    public void Momentum_that_was_asked_for_stays_as_it_is_while_the_optimizer_looks_ahead()
    {
        using var noGrad = no_grad();
        foreach (var optimizer in AllRules.Optimizers())
        {
            using var scope = NewDisposeScope();
            using var toy = Toy.At(1, 1);
            using var weights = new FlatWeights(toy);
            using var flat = new FlatOptimizer(weights, [optimizer]);
            flat.Step(tensor(new double[] { 1, 2 }), 1);
            var momentum = flat.Momentum!;
            var before = momentum.data<double>().ToArray();

            flat.Ahead(tensor(new double[] { 3, 4 }), 1);

            CollectionAssert.AreEqual(before, momentum.data<double>().ToArray(), $"{optimizer}");
        }
    }

    [TestMethod]
    public void Direction_in_another_type_is_rounded_to_that_of_the_weights()
    {
        using var noGrad = no_grad();
        foreach (var optimizer in AllRules.Optimizers())
            CollectionAssert.AreEqual(After(optimizer, ScalarType.Float32), After(optimizer, ScalarType.Float64), $"{optimizer}");

        static float[] After(BaseOptimizer optimizer, ScalarType type)
        {
            using var scope = NewDisposeScope();
            using var net = nn.Linear(3, 1);
            nn.init.ones_(net.weight);
            nn.init.zeros_(net.bias);
            using var weights = new FlatWeights(net);
            using var flat = new FlatOptimizer(weights, [optimizer]);
            for (var i = 0; i < 2; i++)
                flat.Step(tensor(new[] { 0.5f, 0.25f, -1, 2 }).to(type), 1);
            return weights.Values.data<float>().ToArray();
        }
    }

    [TestMethod]
    public void Numbers_that_an_optimizer_keeps_beside_its_vectors_are_kept_too()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var toy = Toy.At(1, -2);
        using var weights = new FlatWeights(toy);
        using var flat = new FlatOptimizer(weights, [new AveragedSgd()]);
        var direction = tensor(new double[] { 1, 2 });
        flat.Step(direction, 1);
        var eta = flat.Kept()["0.eta"].ToDouble();

        flat.Ahead(direction, 1);
        Assert.AreEqual(eta, flat.Kept()["0.eta"].ToDouble());
        var kept = flat.Kept().ToDictionary(value => value.Key, value => value.Value.clone());
        flat.Step(direction, 1);
        Assert.AreNotEqual(eta, flat.Kept()["0.eta"].ToDouble());
        flat.Load(kept);
        Assert.AreEqual(eta, flat.Kept()["0.eta"].ToDouble());
    }

    /// <summary>An optimizer of the user's, whose step size and share of the average are numbers.</summary>
    sealed record AveragedSgd(double LearningRate = 0.1) : BaseOptimizer
    {
        public override double LearningRate { get; init; } = LearningRate;

        public override optim.Optimizer Create(Parameter weights) => optim.ASGD([weights], LearningRate, lambd: 0.1);
    }
}
