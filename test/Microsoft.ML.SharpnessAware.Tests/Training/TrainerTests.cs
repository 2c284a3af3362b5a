using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class TrainerTests
{
    static readonly TrainingPlan Plan = new()
    {
        Sharpness = new Sam(),
        Optimizer = new Sgd(LearningRate: 0.5),
        Schedule = new ConstantSchedule(),
        Epochs = 5,
        BatchSize = 8,
        Seeds = new Seeds(1),
        Device = CPU,
    };

    [TestMethod]
    public void Run_learns_what_a_line_divides()
    {
        using var net = Line();
        using var train = new FakeExamples(64);
        var summary = new Trainer(net, Plan with { Epochs = 20 }).Run(train, train);
        Assert.IsGreaterThan(0.95, summary.Last!.ValidationAccuracy!.Value);
        Assert.IsTrue(net.children().All(m => !m.training));
    }

    [TestMethod]
    public void Run_validates_over_all_rows_not_the_last_batch()
    {
        using var net = Line();
        using var train = new FakeExamples(8);
        // Two batches, of eight and four rows, of which the last has a label of its own: either alone gives another result.
        using var validation = new FakeExamples(12, r => r < 8 ? 0 : 1);
        var summary = new Trainer(net, Plan with { Epochs = 1, Optimizer = new Sgd(LearningRate: 0) }).Run(train, validation);

        using var noGrad = no_grad();
        using var all = validation.Load(Enumerable.Range(0, 12).ToArray(), null);
        var logits = net.call(all.Inputs);
        Assert.AreEqual(logits.argmax(1).eq(all.Labels).to(ScalarType.Float64).mean().ToDouble(), summary.Last!.ValidationAccuracy);
        Assert.AreEqual(nn.functional.cross_entropy(logits, all.Labels).ToDouble(), summary.Last!.ValidationLoss!.Value, 1e-6, "float32, summed in another order");
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(EarlyStoppingMetric.Accuracy)]
    [DataRow(EarlyStoppingMetric.Loss)]
    public void Run_whose_validation_loss_is_never_finite_has_no_model_and_says_what_to_try(EarlyStoppingMetric? metric)
    {
        using var net = new BlindInEval();
        using var train = new FakeExamples(16);
        var last = default(EpochMetrics);
        var plan = Plan with { Epochs = 2, EarlyStopping = metric is { } m ? new EarlyStopping(m) : null, MetricsCallback = metrics => last = metrics };

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new Trainer(net, plan).Run(train, train));

        Assert.AreEqual("Training diverged: the loss was not finite at the end of each of the 2 epochs, so there are no weights to keep. Try a smaller learning rate or Rho, set ClipNorm, or look for inputs that are not finite.", error.Message);
        Assert.AreEqual((double.NaN, 0.0, false), (last!.ValidationLoss!.Value, last.ValidationAccuracy!.Value, last.IsBest), "no row counts as a hit");
    }

    [TestMethod]
    public void Run_that_diverges_keeps_the_last_finite_epoch()
    {
        using var net = Line();
        using var train = new FakeExamples(16);
        var best = new List<bool>();
        // The labels of the common class are those that argmax takes from NaN.
        using var validation = new FakeExamples(16, _ => 0);
        var plan = Plan with
        {
            Epochs = 3,
            EarlyStopping = null,
            MetricsCallback = metrics =>
            {
                best.Add(metrics.IsBest);
                using var noGrad = no_grad();
                if (metrics.Epoch == 1)
                    foreach (var parameter in net.parameters())
                        parameter.fill_(double.NaN);
            },
        };

        var summary = new Trainer(net, plan).Run(train, validation);

        Assert.AreSequenceEqual([true, false, false], best);
        Assert.AreEqual(1, summary.BestEpoch);
        Assert.IsTrue(net.parameters().All(parameter => parameter.isfinite().all().ToBoolean()));
    }

    [TestMethod]
    public void Run_without_validation_keeps_the_last_epoch_with_a_step()
    {
        using var net = Line();
        using var train = new FakeExamples(16);
        var plan = Plan with
        {
            Epochs = 3,
            MetricsCallback = metrics =>
            {
                using var noGrad = no_grad();
                if (metrics.Epoch == 2)
                    foreach (var parameter in net.parameters())
                        parameter.fill_(double.NaN);
            },
        };

        Assert.AreEqual(2, new Trainer(net, plan).Run(train, null).BestEpoch);
    }

    [TestMethod]
    public void Run_keeps_the_weights_of_the_best_epoch()
    {
        var weights = new List<float[]>();
        var accuracies = new List<double>();
        using var net = Line();
        using var train = new FakeExamples(32, r => r % 2);
        using var validation = new FakeExamples(32);
        var plan = Plan with
        {
            Epochs = 12,
            MetricsCallback = m =>
            {
                weights.Add(Weights(net));
                accuracies.Add(m.ValidationAccuracy!.Value);
            },
        };
        var summary = new Trainer(net, plan).Run(train, validation);
        var best = accuracies.IndexOf(accuracies.Max());
        Assert.AreEqual(best + 1, summary.BestEpoch);
        CollectionAssert.AreEqual(weights[best], Weights(net));
        CollectionAssert.AreNotEqual(weights[^1], Weights(net), "else the last epoch was the best, and nothing is shown");
    }

    [TestMethod]
    public void Run_stops_early_when_patience_runs_out()
    {
        using var net = Line();
        using var train = new FakeExamples(16);
        var summary = new Trainer(net, Plan with { Epochs = 50, Optimizer = new Sgd(LearningRate: 0), EarlyStopping = new EarlyStopping(Patience: 3) }).Run(train, train);
        Assert.AreEqual(4, summary.Last!.Epoch);
        Assert.AreEqual(4, summary.BestEpoch, "of equal epochs the last");
    }

    [TestMethod]
    public void Run_stops_when_the_callback_says_so()
    {
        using var net = Line();
        using var train = new FakeExamples(16);
        var summary = new Trainer(net, Plan with { MetricsCallback = m => { if (m.Epoch == 2) m.Stop(); } }).Run(train, null);
        Assert.AreEqual(2, summary.Last!.Epoch);
    }

    [TestMethod]
    public void Run_with_a_cancelled_token_throws_and_leaves_ordinary_parameters()
    {
        using var net = Line();
        using var train = new FakeExamples(64);
        using var source = new CancellationTokenSource();
        var plan = Plan with { CancellationToken = source.Token, Progress = new Direct(p => { if (p.Batch == 3) source.Cancel(); }) };
        Assert.Throws<OperationCanceledException>(() => new Trainer(net, plan).Run(train, null));
        net.call(ones(1, 2)).sum().backward();
        Assert.IsTrue(net.parameters().All(p => p.grad is not null));
    }

    [TestMethod]
    public void Run_reports_every_batch_and_epoch()
    {
        using var net = Line();
        using var train = new FakeExamples(20);
        var progress = new List<TrainingProgress>();
        var lines = new List<string>();
        new Trainer(net, Plan with { Epochs = 2, Progress = new Direct(progress.Add), Log = lines.Add }).Run(train, train);
        CollectionAssert.AreEqual(
            new[] { (1, 1, 3), (1, 2, 3), (1, 3, 3), (2, 1, 3), (2, 2, 3), (2, 3, 3) },
            progress.Select(p => (p.Epoch, p.Batch, p.Batches)).ToArray());
        Assert.AreEqual(TimeSpan.Zero, progress[^1].Remaining);
        Assert.IsTrue(progress.All(p => p.Step is { Passes: 2, Skipped: false, GradientNorm: > 0 }));
        Assert.AreEqual(0.05, progress[0].Step.EpsilonNorm, 1e-6, "float32");
        Assert.AreEqual(progress[0].Loss, progress[0].Step.Loss, 1e-12, "the first step of an epoch is all of it so far");
        Assert.HasCount(2, lines);
        Assert.StartsWith("Epoch 1/2: loss 0.", lines[0]);
        Assert.EndsWith("00:00:00 left", lines[1]);
    }

    [TestMethod]
    public void Run_shuffles_and_augments_training_rows_each_epoch_and_validation_rows_never()
    {
        using var net = Line();
        using var train = new FakeExamples(16);
        using var validation = new FakeExamples(16);
        new Trainer(net, Plan with { Epochs = 3 }).Run(train, validation);
        Assert.AreEqual(3, train.Shuffles.Distinct().Count(s => s is not null));
        Assert.AreEqual(6, train.Loads.Select(l => l.Seed).Distinct().Count(s => s is not null));
        Assert.IsTrue(validation.Shuffles.All(s => s is null) && validation.Loads.All(l => l.Seed is null));
    }

    [TestMethod]
    public void Run_with_the_same_seed_gives_the_same_bits_and_with_another_others()
    {
        CollectionAssert.AreEqual(After(seed: 1), After(seed: 1));
        CollectionAssert.AreNotEqual(After(seed: 1), After(seed: 2));

        static float[] After(long seed)
        {
            using var net = Line(dropout: 0.2);
            using var train = new FakeExamples(32);
            new Trainer(net, Plan with { Seeds = new Seeds(seed) }).Run(train, null);
            return Weights(net);
        }
    }

    [TestMethod]
    public void Run_leaves_no_tensor_and_the_callers_random_state_behind()
    {
        using var net = Line(dropout: 0.2);
        using var train = new FakeExamples(32);
        new Trainer(net, Plan).Run(train, train);
        using var state = torch.random.get_rng_state();
        var before = LiveTensors.Before();
        new Trainer(net, Plan).Run(train, train);
        // TorchSharp's count never gives back the tensor that became a Parameter, and a run makes one.
        Assert.IsInRange(before, before + 1, Tensor.TotalCount);
        using var after = torch.random.get_rng_state();
        Assert.IsTrue(state.bytes.SequenceEqual(after.bytes));
    }

    [TestMethod]
    public void Run_with_rows_that_cannot_be_loaded_throws_what_loading_threw()
    {
        using var net = Line();
        using var train = new FakeExamples(32, r => r == 20 ? throw new InvalidDataException("row 20") : 0);
        Assert.AreEqual("row 20", Assert.Throws<InvalidDataException>(() => new Trainer(net, Plan).Run(train, null)).Message);
    }

    static nn.Module<Tensor, Tensor> Line(double dropout = 0)
    {
        var fc = nn.Linear(2, 2);
        using (no_grad())
        {
            fc.weight!.copy_(tensor(new float[] { 0.1f, -0.2f, 0.3f, 0.05f }).reshape(2, 2));
            fc.bias!.zero_();
        }
        return nn.Sequential(("dropout", nn.Dropout(dropout)), ("fc", fc));
    }

    static float[] Weights(nn.Module net) => net.parameters().SelectMany(p => p.data<float>().ToArray()).ToArray();

    /// <summary>A line that puts out no number in eval mode.</summary>
    sealed class BlindInEval : nn.Module<Tensor, Tensor>
    {
        readonly Linear _line = nn.Linear(2, 2);

        public BlindInEval()
            : base(nameof(BlindInEval)) => RegisterComponents();

        public override Tensor forward(Tensor input) => training ? _line.call(input) : _line.call(input) * double.NaN;
    }
}
