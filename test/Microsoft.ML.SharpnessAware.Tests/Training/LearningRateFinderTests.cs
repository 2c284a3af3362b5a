using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LearningRateFinderTests
{
    const int Rows = 12;

    static readonly TrainingPlan Plan = new()
    {
        Sharpness = new Sam(Rho: 0.1),
        Optimizer = new Sgd(LearningRate: 0.5, Momentum: 0, WeightDecay: 0),
        Schedule = new WarmupSchedule(),
        RhoSchedule = new DelayedSchedule(),
        Epochs = 5,
        BatchSize = 4,
        Seeds = new Seeds(1),
        Device = CPU,
    };

    static IEnumerable<object[]> Rules => [[new Plain(), 0.0], [new Sam(Rho: 0.1), 0.1]];

    /// <summary>A line through the origin, w · x, and the logistic loss, whose gradient is −y x / (1 + exp(y w · x)): all steps of both passes in float64.</summary>
    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Run_takes_the_rules_steps_at_growing_learning_rates(SharpnessRule rule, double rho)
    {
        using var net = Line();
        using var train = new FakeExamples(Rows);
        var sweep = new LearningRateSweep(From: 0.01, To: 2, Steps: 20);

        var curve = new LearningRateFinder(net, Plan with { Sharpness = rule }, sweep).Run(train);

        var w = Start;
        var expected = new List<double>();
        for (var step = 0; step < sweep.Steps; step++)
        {
            var rows = Enumerable.Range(step % 3 * 4, 4).ToArray();
            expected.Add(Loss(w, rows));
            var g = Gradient(w, rows);
            var direction = Gradient([.. w.Zip(g, (wi, gi) => wi + rho * gi / Norm(g))], rows);
            w = [.. w.Zip(direction, (wi, di) => wi - sweep.RateAt(step) * di)];
        }
        Near.Equal(expected.ToArray(), [.. curve.Points.Select(point => point.Loss)], 2e-6, "float32, twenty steps");
        Near.Equal([.. Enumerable.Range(0, 20).Select(sweep.RateAt)], [.. curve.Points.Select(point => point.LearningRate)], 0);
    }

    [TestMethod]
    public void Run_begins_as_the_run_does_and_goes_on_into_later_epochs()
    {
        using var net = Line();
        using var train = new FakeExamples(Rows);
        new LearningRateFinder(net, Plan, new LearningRateSweep(Steps: 7)).Run(train);

        using var again = Line();
        using var trained = new FakeExamples(Rows);
        new Trainer(again, Plan with { Epochs = 3 }).Run(trained, null);
        CollectionAssert.AreEqual(trained.Shuffles, train.Shuffles);
        CollectionAssert.IsSubsetOf(train.Loads.Select(load => load.Seed).ToArray(), trained.Loads.Select(load => load.Seed).ToArray());
    }

    [TestMethod]
    public void Run_trains_the_last_layer_alone_where_the_run_begins_with_that()
    {
        using var net = new SmallNet();
        using var train = new WavyExamples(20);
        var before = net.State();
        var plan = CheckpointedRun.Plan with { Frozen = new FrozenStart(2, "fc") };
        var losses = new List<double>();

        var curve = new LearningRateFinder(net, plan, new LearningRateSweep(From: 0.01, To: 0.1, Steps: 12)).Run(train);

        var changed = net.State().Where(tensor => !tensor.Value.SequenceEqual(before[tensor.Key])).Select(tensor => tensor.Key);
        CollectionAssert.AreEquivalent(new[] { "fc.weight", "fc.bias" }, changed.ToArray());
        using var again = new SmallNet();
        using var trained = new WavyExamples(20);
        new Trainer(again, plan with { Progress = new Losses(losses) }).Run(trained, null);
        Assert.AreEqual(losses[0], curve.Points[0].Loss);
        Assert.HasCount(12, curve.Points);
    }

    [TestMethod]
    public void Run_ends_when_the_loss_explodes()
    {
        using var net = Line();
        using var train = new FakeExamples(Rows, row => row % 2);
        var curve = new LearningRateFinder(net, Plan, new LearningRateSweep(From: 1, To: 1e6, Steps: 100, Smoothing: 0)).Run(train);
        Assert.IsInRange(2, 60, curve.Points.Count);
        Assert.IsGreaterThan(4 * curve.Points.Min(point => point.Loss), curve.Points[^1].Loss);
        Assert.IsTrue(curve.Points.SkipLast(1).All(point => point.Loss <= 4 * curve.Points.TakeWhile(earlier => earlier != point).Append(point).Min(p => p.Loss)));
    }

    [TestMethod]
    public void Run_ends_where_a_step_cannot_be_taken()
    {
        using var net = Line();
        using var train = new FakeExamples(Rows);
        var curve = new LearningRateFinder(net, Plan with { Sharpness = new ResumeTests.NeverFinite(From: 3) }, new LearningRateSweep()).Run(train);
        Assert.HasCount(3, curve.Points);
    }

    [TestMethod]
    public void Run_is_the_same_again_and_leaves_no_tensor_and_the_callers_random_state_behind()
    {
        var first = Losses();
        using var state = torch.random.get_rng_state();
        var before = LiveTensors.Before();
        var second = Losses();

        CollectionAssert.AreEqual(first, second);
        // TorchSharp's count never gives back the tensors that became Parameters: the network has one, and a run makes one.
        Assert.IsInRange(before, before + 2, LiveTensors.Before());
        using var after = torch.random.get_rng_state();
        Assert.IsTrue(state.bytes.SequenceEqual(after.bytes));

        static double[] Losses()
        {
            using var net = nn.Sequential(("dropout", nn.Dropout(0.3)), ("fc", Line()));
            using var train = new FakeExamples(Rows);
            return [.. new LearningRateFinder(net, Plan, new LearningRateSweep()).Run(train).Points.Select(point => point.Loss)];
        }
    }

    [TestMethod]
    public void Run_can_be_cancelled_before_and_between_steps_and_leaves_ordinary_parameters()
    {
        foreach (var after in new[] { 0, 1 })
        {
            using var net = Line();
            using var source = new CancellationTokenSource();
            using var train = new FakeExamples(Rows, row =>
            {
                if (row == 8 && after > 0)
                    source.Cancel();
                return row % 2;
            });
            if (after == 0)
                source.Cancel();
            Assert.Throws<OperationCanceledException>(() => new LearningRateFinder(net, Plan with { CancellationToken = source.Token }, new LearningRateSweep()).Run(train));
            net.call(ones(1, 2)).sum().backward();
            Assert.IsTrue(net.parameters().All(p => p.grad is not null));
        }
    }

    static double[] Start => [0.125, -0.5];

    // Two logits, ∓ w · x / 2, of which the cross-entropy is the logistic loss.
    static nn.Module<Tensor, Tensor> Line() => new Mirrored();

    static double Margin(double[] w, int row) => (Math.Sin(row) > 0 ? 1 : -1) * (w[0] * Math.Sin(row) + w[1] * Math.Cos(row));

    static double Loss(double[] w, int[] rows) => rows.Average(row => Math.Log(1 + Math.Exp(-Margin(w, row))));

    static double[] Gradient(double[] w, int[] rows)
    {
        double Of(Func<int, double> x) => rows.Average(row => -(Math.Sin(row) > 0 ? 1 : -1) * x(row) / (1 + Math.Exp(Margin(w, row))));
        return [Of(row => Math.Sin(row)), Of(row => Math.Cos(row))];
    }

    static double Norm(double[] v) => Math.Sqrt(v.Sum(x => x * x));

    sealed class Losses(List<double> losses) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress progress) => losses.Add(progress.Step.Loss);
    }

    sealed class Mirrored : nn.Module<Tensor, Tensor>
    {
        readonly Parameter w;

        public Mirrored()
            : base(nameof(Mirrored))
        {
            w = new Parameter(tensor(new float[] { 0.125f, -0.5f }).reshape(2, 1));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var half = input.matmul(w) / 2;
            return cat([-half, half], 1);
        }
    }
}
