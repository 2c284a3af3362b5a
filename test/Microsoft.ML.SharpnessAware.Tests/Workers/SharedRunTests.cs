namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Runs of several workers, beside that of one which puts its batches through the network in as many pieces.</summary>
[TestClass]
public class SharedRunTests
{
    const int TrainingRows = 24;
    const int ValidationRows = 9;

    static readonly TrainingPlan Plan = new()
    {
        Sharpness = new Sam(),
        Optimizer = new Sgd(LearningRate: 0.1),
        Schedule = new CosineSchedule(),
        Epochs = 4,
        BatchSize = 8,
        Seeds = new Seeds(7),
        Device = CPU,
    };

    static readonly StepSettings InPieces = new() { RowsPerPass = 4 };

    readonly string _folder = Directory.CreateTempSubdirectory("SharedRun").FullName;

    static readonly Dictionary<string, TrainingPlan> _plans = new()
    {
        ["as it is"] = Plan,
        ["early stopping"] = Plan with { EarlyStopping = new(MinDelta: 1, Patience: 2) },
        ["Ema"] = Plan with { WeightAverage = new Ema(0.9) },
        ["LookSam"] = Plan with { Sharpness = new LookSam() },
        ["SamPa, which takes batches twice"] = Plan with { Sharpness = new SamPa() },
        ["label smoothing"] = Plan with { LabelSmoothing = 0.1 },
        ["the last layer first"] = Plan with { Frozen = new(2, "2") },
        ["Swa"] = Plan with { WeightAverage = new Swa(0.5) },
    };

    static IEnumerable<object[]> Plans() => _plans.Keys.Select(name => new object[] { name });

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Plans))]
    public void Two_workers_come_to_the_bits_and_numbers_of_one(string name)
    {
        var plan = _plans[name];
        var alone = RunOf(plan with { Steps = InPieces }, Team.Alone);
        var together = Together(2, plan);

        Assert.AreEqual(string.Join("\n", alone.Epochs), string.Join("\n", together[0].Epochs));
        Assert.IsEmpty(together[1].Epochs, "the first worker alone calls back");
        foreach (var one in together)
            AssertSame(alone.Bits, one.Bits);
    }

    [TestMethod]
    public void Batch_norms_statistics_are_the_same_on_all_workers_in_the_end()
    {
        var together = Together(3, Plan, () => new SmallNet(dropoutRate: 0));
        foreach (var one in together)
            AssertSame(together[0].Bits, one.Bits);
    }

    [TestMethod]
    public void Features_of_frozen_layers_are_computed_in_parts_and_kept_by_the_first_worker()
    {
        var plan = Plan with { Frozen = new(2, "2") { FeatureFolder = _folder } };
        var alone = RunOf(Plan with { Frozen = new(2, "2"), Steps = InPieces }, Team.Alone);

        for (var run = 0; run < 2; run++)
            foreach (var one in Together(2, plan))
                AssertSame(alone.Bits, one.Bits);
        Assert.HasCount(2, Directory.GetFiles(_folder), "of the rows to train on, and of those to validate on");
    }

    [TestMethod]
    public void Learning_rates_are_tried_with_the_losses_of_one()
    {
        var alone = Curve(Team.Alone, InPieces);
        foreach (var one in ThreadWorkers.Together(2, workers => Curve(Team.Of(workers), new StepSettings())))
            Assert.AreEqual(alone, one);

        static string Curve(Team team, StepSettings steps)
        {
            using var net = Net();
            return string.Join(' ', new LearningRateFinder(net, Plan with { Team = team, Steps = steps }, new LearningRateSweep(Steps: 12)).Run(new WavyExamples(TrainingRows)).Points.Select(point => point.Loss));
        }
    }

    [TestMethod]
    [DataRow(22, 4)]
    [DataRow(17, 3)]
    [DataRow(10, 5)]
    public void Rows_that_cannot_be_divided_hang_nobody(int rows, int workers)
    {
        var alone = RunOf(Plan, Team.Alone, rows: rows);
        var together = Together(workers, Plan, rows: rows);
        foreach (var one in together)
        {
            AssertSame(together[0].Bits, one.Bits);
            AssertNear(alone.Bits, one.Bits);
        }
    }

    [TestMethod]
    [DataRow(CancelBehavior.Throw)]
    [DataRow(CancelBehavior.KeepBest)]
    public void One_who_is_cancelled_ends_the_run_of_all(CancelBehavior onCancel)
    {
        var places = ThreadWorkers.Together(3, workers =>
        {
            using var source = new CancellationTokenSource();
            var team = Team.Of(workers);
            var plan = Plan with { Team = team, OnCancel = onCancel, CancellationToken = source.Token, CheckAlive = () => { if (workers.Rank == 1 && workers.Sums.Count > 40) source.Cancel(); } };
            using var net = Net();
            try
            {
                return team.Train(() => new Trainer(net, plan).Run(new WavyExamples(TrainingRows), new WavyExamples(ValidationRows, phase: 1))).Ending;
            }
            catch (OperationCanceledException)
            {
                return "cancelled";
            }
        });
        Assert.HasCount(1, places.Distinct());
        Assert.StartsWith(onCancel == CancelBehavior.Throw ? "cancelled" : "Cancelled in epoch ", places[0]);
    }

    [TestMethod]
    public void Callback_of_the_first_worker_stops_all()
    {
        var epochs = ThreadWorkers.Together(2, workers =>
        {
            using var net = Net();
            return new Trainer(net, Plan with { Team = Team.Of(workers), MetricsCallback = workers.Rank == 0 ? metrics => { if (metrics.Epoch == 2) metrics.Stop(); } : null }).Run(new WavyExamples(TrainingRows), null).Epochs;
        });
        CollectionAssert.AreEqual(new[] { 2, 2 }, epochs);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(2)]
    public void Stopped_within_an_epoch_it_resumes_to_the_unbroken_runs_bits(int? microBatch)
    {
        var plan = Plan with { Sharpness = new FriendlySam(), Optimizer = new AdamW(0.01), Steps = new StepSettings { MicroBatch = microBatch } };
        var unbroken = Together(2, plan);

        Assert.IsTrue(Break(2, plan).All(fault => fault is OperationCanceledException));
        var resumed = Together(2, plan, folder: _folder);

        Assert.IsTrue(resumed[0].Log.Any(line => line.StartsWith("Resuming from", StringComparison.Ordinal)));
        foreach (var one in resumed)
            AssertSame(unbroken[0].Bits, one.Bits);
    }

    [TestMethod]
    [DataRow(null, 1)]
    [DataRow(null, 4)]
    [DataRow(2, 1)]
    [DataRow(2, 3)]
    public void Another_number_of_workers_resumes_to_the_same_but_for_rounding(int? microBatch, int workers)
    {
        var plan = Plan with { Sharpness = new FriendlySam(), Steps = new StepSettings { MicroBatch = microBatch } };
        var unbroken = RunOf(plan, Team.Alone);
        Break(2, plan);

        foreach (var one in Together(workers, plan, folder: _folder))
            AssertNear(unbroken.Bits, one.Bits);
    }

    [TestMethod]
    public void A_checkpoint_that_is_due_is_written_by_the_first_worker_on_everybodys_behalf()
    {
        Together(2, Plan, folder: _folder, every: TimeSpan.FromTicks(1));
        Assert.HasCount(1 + 2, Directory.GetFiles(_folder), "the lock, and the two newest checkpoints");
    }

    Exception?[] Break(int workers, TrainingPlan plan) => ThreadWorkers.Faults(workers, worker =>
    {
        using var source = new CancellationTokenSource();
        var steps = new StepCount(done => { if (done == 4) source.Cancel(); });
        RunOf(plan with { CancellationToken = source.Token, Progress = worker.Rank == 0 ? steps : null }, Team.Of(worker), folder: _folder);
    });

    static Came[] Together(int count, TrainingPlan plan, Func<nn.Module<Tensor, Tensor>>? network = null, int rows = TrainingRows, string? folder = null, TimeSpan? every = null) =>
        ThreadWorkers.Together(count, workers => RunOf(plan, Team.Of(workers), network, rows, folder, every));

    static Came RunOf(TrainingPlan plan, Team team, Func<nn.Module<Tensor, Tensor>>? network = null, int rows = TrainingRows, string? folder = null, TimeSpan? every = null)
    {
        var (epochs, log) = (new List<string>(), new List<string>());
        using var net = (network ?? Net)();
        using var checkpoints = folder is null ? null : new Checkpoints(new CheckpointSettings(folder, Every: every), log.Add, log.Add, team);
        checkpoints?.Share();
        new Trainer(net, plan with { Team = team, MetricsCallback = team.Leads ? metrics => epochs.Add(Line(metrics)) : null }, checkpoints).Run(new WavyExamples(rows), new WavyExamples(ValidationRows, phase: 1));
        return new(net.state_dict().ToDictionary(one => one.Key, one => one.Value.to(ScalarType.Float64).data<double>().ToArray()), epochs, log);
    }

    // No batch norm, whose statistics are those of a part of the batch, and no dropout: threads share a generator.
    static nn.Module<Tensor, Tensor> Net()
    {
        var net = nn.Sequential(("0", nn.Flatten()), ("1", nn.Linear(36, 8)), ("2", nn.Linear(8, 3)));
        using var noGradients = no_grad();
        foreach (var (parameter, which) in net.parameters().Select((parameter, which) => (parameter, which)))
        {
            using var waves = (arange(parameter.numel()) * (0.7 + which)).sin() * 0.3;
            parameter.copy_(waves.view(parameter.shape));
        }
        return net;
    }

    // All but time.
    static string Line(EpochMetrics metrics) => FormattableString.Invariant($"{metrics.Epoch}: {metrics.Loss:R} {metrics.PerturbedLoss:R} {metrics.TrainAccuracy:R} {metrics.GradientNorm:R} {metrics.Cosine:R} {metrics.ValidationLoss:R} {metrics.ValidationAccuracy:R} {metrics.ValidationMacroAccuracy:R} {metrics.IsBest}");

    static void AssertSame(Dictionary<string, double[]> expected, Dictionary<string, double[]> found)
    {
        foreach (var (name, values) in expected)
            CollectionAssert.AreEqual(values, found[name], name);
    }

    static void AssertNear(Dictionary<string, double[]> expected, Dictionary<string, double[]> found)
    {
        foreach (var (name, values) in expected)
            Near.Equal(values, found[name], 2e-3, $"{name}: float32, summed in another order");
    }

    sealed class StepCount(Action<int> report) : IProgress<TrainingProgress>
    {
        int _done;

        public void Report(TrainingProgress value) => report(++_done);
    }

    sealed record Came(Dictionary<string, double[]> Bits, List<string> Epochs, List<string> Log);
}
