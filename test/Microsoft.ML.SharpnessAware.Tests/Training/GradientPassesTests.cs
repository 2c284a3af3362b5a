namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class GradientPassesTests
{
    const double Floor = 1e-11; // 1e-12 is added to ‖g‖ before dividing by it.

    [TestMethod]
    public void Example_weights_weigh_the_examples_gradients()
    {
        using var toy = Toy.At(1, 1);
        Step(toy, step => step.GradientAt(step.Weights, tensor(new double[] { 0.5, 0, 2 })));
        Near.Equal([1 - (0.5 * 3 + 2 * 1), 1 - 2 * 1], toy.Values, 1e-15);
    }

    [TestMethod]
    public void Example_weights_of_1_over_n_are_the_mean()
    {
        using var toy = Toy.At(1, 1);
        Step(toy, step => step.GradientAt(step.Weights, full(step.Examples, 1.0 / step.Examples, dtype: ScalarType.Float64)));
        Near.Equal([1 - 4.0 / 3, 1 - 7.0 / 3], toy.Values, 1e-15);
    }

    [TestMethod]
    public void Example_weights_reach_their_examples_in_pieces_too()
    {
        using var toy = Toy.At(1, 1);
        Step(toy, step => step.GradientAt(step.Weights, tensor(new double[] { 0.5, 0, 2 })), new StepSettings { RowsPerPass = 1 });
        Near.Equal([1 - (0.5 * 3 + 2 * 1), 1 - 2 * 1], toy.Values, 1e-15);
    }

    [TestMethod]
    public void Example_weights_of_another_number_are_refused()
    {
        using var toy = Toy.At(1, 1);
        var error = Assert.Throws<InvalidOperationException>(() => Step(toy, step => step.GradientAt(step.Weights, ones(2, dtype: ScalarType.Float64))));
        Assert.AreEqual("Example weights must have the shape [3], one for each example, but have the shape [2].", error.Message);
    }

    [TestMethod]
    public void Losses_are_those_of_each_example_at_the_point_and_cost_no_backward_pass()
    {
        using var toy = Toy.At(1, 1);
        var found = new List<double[]>();
        var report = Step(toy, step =>
        {
            found.Add(step.LossesAt(step.Weights).data<double>().ToArray());
            found.Add(step.LossesAt(() => step.Weights + 1).data<double>().ToArray());
            return step.GradientAt(step.Weights);
        });
        Near.Equal([4.5, 4.5, 0.5], found[0], 1e-15);
        Near.Equal([8, 12.5, 4.5], found[1], 1e-15);
        Assert.AreEqual((1, 2), (report.Passes, report.ForwardPasses));
    }

    [TestMethod]
    public void Statistics_move_in_the_first_pass_also_if_it_goes_forward_only()
    {
        using var net = new SmallNet();
        using var clean = new SmallNet();
        using (var step = new SamTrainStep(net, new Asks(s =>
        {
            s.LossesAt(s.Weights);
            s.LossesAt(() => s.Weights + 1);
            return s.GradientAt(s.Weights);
        }), new Sgd()))
            step.Run(net.Loss, learningRate: 1, seed: 0);
        clean.Loss().Dispose();
        CollectionAssert.AreEqual(clean.State()["norm.running_mean"], net.State()["norm.running_mean"]);
    }

    [TestMethod]
    public void Report_tells_losses_norms_and_cosine()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new Sam(0.5), Run.PlainSgd);
        var report = step.Run(() => toy.Quadratic(3, 4), learningRate: 0.1, seed: 0);
        Assert.AreEqual(3.5, report.Loss, 1e-15);
        Assert.AreEqual(0.5 * (3 * 1.69 + 4 * 1.96), report.PerturbedLoss, Floor);
        Assert.AreEqual(5, report.GradientNorm, 1e-14);
        Assert.AreEqual(0.5, report.EpsilonNorm, Floor);
        var norm = Math.Sqrt(3.9 * 3.9 + 5.6 * 5.6);
        Assert.AreEqual(norm, report.DirectionNorm, Floor);
        Assert.AreEqual((3 * 3.9 + 4 * 5.6) / (5 * norm), report.Cosine, Floor);
    }

    [TestMethod]
    public void Report_of_a_plain_step_has_no_epsilon_and_a_cosine_of_1()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new Plain(), Run.PlainSgd);
        var report = step.Run(() => toy.Quadratic(3, 4), learningRate: 0.1, seed: 0);
        Assert.AreEqual(0, report.EpsilonNorm);
        Assert.AreEqual(1, report.Cosine, 1e-15);
        Assert.AreEqual(report.Loss, report.PerturbedLoss);
    }

    [TestMethod]
    public void Report_at_a_gradient_of_0_is_finite_and_the_step_is_taken()
    {
        using var toy = Toy.At(0, 0);
        using var step = new SamTrainStep(toy, new Sam(0.5), Run.PlainSgd);
        var report = step.Run(() => toy.Quadratic(3, 4), learningRate: 0.1, seed: 0);
        Assert.IsFalse(report.Skipped);
        Assert.AreEqual(0, report.Cosine);
        Near.Equal([0, 0], toy.Values, 0);
    }

    [TestMethod]
    public void Loss_of_a_gradient_is_that_of_its_pass()
    {
        using var toy = Toy.At(1, 1);
        var found = new List<double>();
        Step(toy, step =>
        {
            var g = step.GradientAt(step.Weights, tensor(new double[] { 1, 0, 0 }));
            var p = step.GradientAt(() => step.Weights + 1);
            found.Add(step.LossOf(g).item<double>());
            found.Add(step.LossOf(p).item<double>());
            Assert.Throws<InvalidOperationException>(() => step.LossOf(step.Weights));
            return g;
        });
        Near.Equal([(4.5 + 4.5 + 0.5) / 3, (8 + 12.5 + 4.5) / 3], [.. found], 1e-14);
    }

    [TestMethod]
    public void Gradient_difference_leaves_the_gradients_that_were_there_and_takes_no_memory_twice()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new Asks(s =>
        {
            var before = s.GradientDifference(() => s.Weights + 1, () => s.Weights);
            var g = s.GradientAt(s.Weights);
            var after = s.GradientDifference(() => s.Weights + 2, () => s.Weights - 2);
            Near.Equal([3, 4], before.data<double>().ToArray(), 1e-15);
            Near.Equal([12, 16], after.data<double>().ToArray(), 1e-15);
            return g;
        }), Run.PlainSgd);
        var report = step.Run(() => toy.Quadratic(3, 4), learningRate: 0.1, seed: 0);
        Near.Equal([0.7, 0.6], toy.Values, 1e-15);
        Assert.AreEqual(5, report.Passes);
        Assert.AreEqual(Math.Sqrt(36 + 64), report.GradientNorm, 1e-14, "the step's first gradient, at w + 1");
    }

    [TestMethod]
    public void Rules_may_open_dispose_scopes_of_their_own()
    {
        using var toy = Toy.At(1, 1);
        var report = Step(toy, step =>
        {
            using var scope = NewDisposeScope();
            var g = step.GradientAt(step.Weights);
            step.LossesAt(step.Weights);
            return (g + step.GradientAt(() => step.Weights + 1)).MoveToOuterDisposeScope();
        });
        Assert.AreEqual((4.5 + 4.5 + 0.5) / 3, report.Loss, 1e-14);
        Assert.AreEqual((8 + 12.5 + 4.5) / 3, report.PerturbedLoss, 1e-14);
    }

    [TestMethod]
    public void Last_batch_is_that_of_the_last_step_taken_and_let_go_after_the_next()
    {
        using var toy = Toy.At(1, 1);
        var seen = new List<bool>();
        using var step = new SamTrainStep(toy, new Asks(s =>
        {
            seen.Add(s.LastBatch is not null);
            var g = s.GradientAt(s.Weights);
            return s.LastBatch is { } last ? last.GradientAt(s.Weights) : g;
        }), Run.PlainSgd with { LearningRate = 0.125 });

        var first = new ExampleLosses(1, () => toy.Quadratic(1, 0).reshape(1));
        step.Run(first, new StepMoment { Seed = 0 });
        Near.Equal([1 - 0.125, 1], toy.Values, 0);

        var bad = new ExampleLosses(1, () => toy.Quadratic(double.NaN, 0).reshape(1));
        Assert.IsTrue(step.Run(bad, new StepMoment { Seed = 1 }).Skipped);
        Assert.IsTrue(bad.Disposed, "a step that is skipped leaves no batch behind");
        Assert.IsFalse(first.Disposed);

        var second = new ExampleLosses(1, () => toy.Quadratic(0, 1).reshape(1));
        step.Run(second, new StepMoment { Seed = 2 });
        Near.Equal([0.875 * 0.875, 1], toy.Values, 0, "moved by the first batch's gradient again");
        Assert.IsTrue(first.Disposed);
        Assert.IsFalse(second.Disposed);
        CollectionAssert.AreEqual(new[] { false, true, true }, seen);
    }

    [TestMethod]
    public void Batches_are_let_go_at_once_where_no_rule_looks_back()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new Sam(), Run.PlainSgd);
        var batch = ExampleLosses.ThreeSquares(toy);
        step.Run(batch, new StepMoment { Seed = 0 });
        Assert.IsTrue(batch.Disposed);
    }

    [TestMethod]
    public void Move_beside_goes_past_momentum_and_weight_decay()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new Asks(s =>
        {
            s.AddDecoupledUpdate(tensor(new double[] { 10, 20 }));
            return s.GradientAt(s.Weights);
        }), new Sgd(LearningRate: 1, Momentum: 0.9, WeightDecay: 0));
        for (var i = 0; i < 2; i++)
            step.Run(() => (toy.W * tensor(new double[] { 1, 1 })).sum(), learningRate: 0.01, seed: i);
        Near.Equal([1 - 0.01 * (1 + 10 + 1.9 + 10), 1 - 0.01 * (1 + 20 + 1.9 + 20)], toy.Values, 1e-15);
    }

    [TestMethod]
    public void Move_beside_is_clipped_with_the_direction()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new Asks(s =>
        {
            s.AddDecoupledUpdate(tensor(new double[] { 3, 0 }));
            return tensor(new double[] { 0, 4 });
        }), Run.PlainSgd, new StepSettings { ClipNorm = 1 });
        Assert.AreEqual(5, step.Run(() => toy.Quadratic(1, 1), learningRate: 1, seed: 0).DirectionNorm, 1e-15);
        Near.Equal([1 - 0.6, 1 - 0.8], toy.Values, 1e-15);
    }

    [TestMethod]
    public void Move_beside_is_taken_also_where_it_was_found_on_the_last_batch()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new Asks(s =>
        {
            s.LastBatch?.AddDecoupledUpdate(tensor(new double[] { 10, 20 }));
            return s.GradientAt(s.Weights);
        }), Run.PlainSgd);
        for (var i = 0; i < 2; i++)
            step.Run(() => (toy.W * tensor(new double[] { 1, 1 })).sum(), learningRate: 0.01, seed: i);
        Near.Equal([1 - 0.01 * (1 + 1 + 10), 1 - 0.01 * (1 + 1 + 20)], toy.Values, 1e-15);
    }

    [TestMethod]
    public void Chance_comes_from_the_steps_seed_and_the_rules_place()
    {
        using var toy = Toy.At(new double[1000]);
        var draws = new List<(double Chance, double[] Normal, double[] Signs, double Nested)>();
        using var step = new SamTrainStep(toy, new Asks(s =>
        {
            draws.Add((s.Chance(), s.Gaussian().data<double>().ToArray(), s.Signs().data<double>().ToArray(), s.Within("Inner").Chance()));
            return s.GradientAt(s.Weights);
        }), Run.PlainSgd);
        foreach (var seed in new[] { 7, 7, 8 })
            step.Run(() => toy.W.sum(), learningRate: 1, seed);

        Assert.AreEqual(draws[0].Chance, draws[1].Chance);
        CollectionAssert.AreEqual(draws[0].Normal, draws[1].Normal);
        CollectionAssert.AreEqual(draws[0].Signs, draws[1].Signs);
        Assert.AreNotEqual(draws[0].Chance, draws[2].Chance);
        Assert.AreNotEqual(draws[0].Chance, draws[0].Nested);
        CollectionAssert.AreNotEqual(draws[0].Normal, draws[2].Normal);

        // Of 1,000 draws: five standard errors.
        Assert.AreEqual(0, draws[0].Normal.Average(), 5 / Math.Sqrt(1000));
        Assert.AreEqual(1, draws[0].Normal.Average(x => x * x), 5 * Math.Sqrt(2.0 / 1000));
        Assert.AreEqual(0, draws[0].Signs.Average(), 5 / Math.Sqrt(1000));
        Assert.IsTrue(draws[0].Signs.All(x => x is -1 or 1));
        Assert.IsTrue(draws.All(d => d.Chance is >= 0 and < 1));
    }

    static StepReport Step(Toy toy, Func<SamStep, Tensor> ask, StepSettings? settings = null)
    {
        using var step = new SamTrainStep(toy, new Asks(ask), Run.PlainSgd, settings);
        return step.Run(ExampleLosses.ThreeSquares(toy), new StepMoment { Seed = 0 });
    }

    sealed record Asks(Func<SamStep, Tensor> Answer) : SharpnessRule
    {
        public override Tensor Direction(SamStep step) => Answer(step);
    }
}
