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
    public void Momentum_is_null_before_SGDs_first_step_and_without_momentum()
    {
        using var noGrad = no_grad();
        using var toy = Toy.At(1, 1);
        using var weights = new FlatWeights(toy);
        using var fresh = new FlatOptimizer(weights, [new Sgd()]);
        Assert.IsNull(fresh.Momentum);
        using var none = new FlatOptimizer(weights, [new Sgd(Momentum: 0)]);
        using var direction = tensor(new double[] { 1, 1 });
        none.Step(direction, 1);
        Assert.IsNull(none.Momentum);
    }
}
