namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Runs whose model is an average: what is validated, kept, and left behind.</summary>
[TestClass]
public class AveragedRunTests
{
    const int StepsPerEpoch = 5;

    static readonly TrainingPlan Plan = CheckpointedRun.Plan with { Epochs = 4, Schedule = new ConstantSchedule() };

    [TestMethod]
    public void Run_with_Ema_ends_with_the_average_of_the_weights_after_each_step()
    {
        using var net = new SmallNet();
        using var train = new WavyExamples(20);
        var expected = Doubles(net);
        var steps = 0;
        var plan = Plan with
        {
            WeightAverage = new Ema(Decay: 0.8),
            Progress = new Steps(() =>
            {
                var decay = Math.Min(0.8, (1.0 + steps) / (10 + steps));
                expected = [.. expected.Zip(Doubles(net), (average, w) => decay * average + (1 - decay) * w)];
                steps++;
            }),
        };

        new Trainer(net, plan).Run(train, null);

        Assert.AreEqual(4 * StepsPerEpoch, steps);
        Near.Equal(expected, Doubles(net), 1e-6, "float32, twenty roundings");
    }

    [TestMethod]
    public void Run_with_Swa_ends_with_the_mean_of_the_last_epochs_weights_and_statistics_of_its_own()
    {
        using var net = new SmallNet();
        using var train = new WavyExamples(20);
        var ends = new List<double[]>();
        var plan = Plan with { WeightAverage = new Swa(Start: 0.5), MetricsCallback = _ => ends.Add(Doubles(net)) };

        new Trainer(net, plan).Run(train, null);

        var expected = ends[1].Zip(ends[2], ends[3]).Select(w => (w.First + w.Second + w.Third) / 3).ToArray();
        Near.Equal(expected, Doubles(net), 1e-6, "float32, three roundings");
        CollectionAssert.AreNotEqual(ends[3], Doubles(net));
        var found = Statistics(net);
        BatchNormStatistics.Recompute(net, train, plan);
        Same(found, Statistics(net));
    }

    [TestMethod]
    public void Run_trains_the_same_weights_with_an_average_and_without()
    {
        Same(After(null), After(new Ema()));
        Same(After(null), After(new Swa(Start: 0, HoldsLearningRate: false)));

        static Dictionary<string, byte[]> After(WeightAverage? average)
        {
            using var net = new SmallNet();
            using var train = new WavyExamples(20);
            using var validation = new WavyExamples(9, phase: 1);
            var last = net.State();
            new Trainer(net, Plan with { WeightAverage = average, Schedule = new CosineSchedule(), MetricsCallback = _ => last = net.State() }).Run(train, validation);
            return last;
        }
    }

    [TestMethod]
    public void Swa_holds_no_learning_rate_of_another_stage()
    {
        var plan = Plan with { Epochs = 10, Schedule = new WarmupSchedule(Epochs: 1), WeightAverage = new Swa(Start: 0.75) };
        var (first, last) = (new EpochSpan(1, 8), new EpochSpan(9, 10));

        Assert.AreEqual(1, plan.MomentOf(batch: 3, batches: 5, epoch: 8, first).LearningRateFactor, "held");
        Assert.AreEqual(0.6, plan.MomentOf(batch: 3, batches: 5, epoch: 9, last).LearningRateFactor, 1e-12, "its own warm-up");
    }

    [TestMethod]
    [DataRow(0, false)]
    [DataRow(1, true)]
    public void Run_in_which_Swa_would_hold_a_learning_rate_of_0_is_refused(int start, bool runs)
    {
        using var net = new SmallNet();
        var trainer = new Trainer(net, Plan with { Schedule = new WarmupSchedule(Epochs: 1), WeightAverage = new Swa(Start: start) });

        if (runs)
            trainer.Run(new WavyExamples(20), null);
        else
            Assert.AreEqual(
                "WeightAverage is Swa { Start = 0, HoldsLearningRate = True }, which keeps the learning rate as it is after 0 of 4 epochs. WarmupSchedule { Epochs = 1, Then = ConstantSchedule { } } has it at 0 then, so that epochs 1 to 4 would learn nothing. Set another Start or Schedule, or HoldsLearningRate to false.",
                Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Run(new WavyExamples(20), null)).Message);
    }

    [TestMethod]
    public void Run_validates_and_keeps_the_average()
    {
        foreach (var average in new WeightAverage[] { new Ema(Decay: 0.5), new Swa(Start: 0.5) })
        {
            using var net = new SmallNet();
            using var train = new WavyExamples(20);
            using var validation = new WavyExamples(9, phase: 1);
            var epochs = new List<EpochMetrics>();
            var plan = Plan with { WeightAverage = average, EarlyStopping = new EarlyStopping(EarlyStoppingMetric.Loss), MetricsCallback = epochs.Add };

            var summary = new Trainer(net, plan).Run(train, validation);

            var best = epochs.MinBy(epoch => epoch.ValidationLoss)!;
            Assert.AreEqual(best.Epoch, summary.BestEpoch, $"{average}");
            Assert.AreEqual(best.ValidationLoss, Validation.Of(net, validation, plan).Loss, $"{average}");
        }
    }

    [TestMethod]
    public void Validation_that_throws_leaves_the_runs_own_weights()
    {
        foreach (var average in new WeightAverage[] { new Ema(), new Swa(Start: 0) })
        {
            using var net = new SmallNet();
            using var train = new WavyExamples(20);
            using var validation = new WavyExamples(9, phase: 1) { Loading = load => { if (load == 4) throw new InvalidDataException("unreadable"); } };
            var own = net.State();
            var plan = Plan with { WeightAverage = average, Progress = new Steps(() => own = net.State()) };

            Assert.Throws<InvalidDataException>(() => new Trainer(net, plan).Run(train, validation));

            Same(own, net.State());
        }
    }

    [TestMethod]
    public void Cancelled_while_it_validates_the_run_throws_and_leaves_its_own_weights_or_keeps_the_best_average()
    {
        foreach (var average in new WeightAverage[] { new Ema(), new Swa(Start: 0) })
        {
            using var net = new SmallNet();
            var (best, own) = (net.State(), net.State());
            var plan = Plan with { WeightAverage = average, Progress = new Steps(() => own = net.State()) };
            var summary = CancelInSecondValidation(net, plan with { OnCancel = CancelBehavior.KeepBest });
            Assert.AreEqual("Cancelled in epoch 2, after 5 of its batches. The model is that of epoch 1, the best so far.", summary!.Ending);
            best = net.State();

            using var again = new SmallNet();
            plan = plan with { Progress = new Steps(() => own = again.State()) };
            Assert.Throws<OperationCanceledException>(() => CancelInSecondValidation(again, plan));
            Same(own, again.State());

            using var stopped = new SmallNet();
            using var train = new WavyExamples(20);
            using var validation = new WavyExamples(9, phase: 1);
            new Trainer(stopped, plan with { Progress = null, MetricsCallback = metrics => metrics.Stop() }).Run(train, validation);
            Same(stopped.State(), best);
        }

        static TrainingSummary? CancelInSecondValidation(SmallNet net, TrainingPlan plan)
        {
            using var source = new CancellationTokenSource();
            using var train = new WavyExamples(20);
            using var validation = new WavyExamples(9, phase: 1) { Loading = load => { if (load == 3) source.Cancel(); } };
            return new Trainer(net, plan with { CancellationToken = source.Token }).Run(train, validation);
        }
    }

    [TestMethod]
    public void Cancelled_without_validation_Ema_gives_its_average_of_the_moment_and_Swa_that_of_the_last_epoch()
    {
        Assert.AreEqual("Cancelled in epoch 3, after 1 of its batches. The model is that of this moment.", Cancel(new Ema(Decay: 0.5), out var moment, out var average));
        Near.Equal(average, moment, 1e-6, "float32");
        Assert.AreEqual("Cancelled in epoch 3, after 1 of its batches. The model is that of epoch 2, the last that ended.", Cancel(new Swa(Start: 0.25), out _, out _));

        static string Cancel(WeightAverage kind, out double[] found, out double[] average)
        {
            using var net = new SmallNet();
            using var train = new WavyExamples(20);
            using var source = new CancellationTokenSource();
            var (steps, expected) = (0, Doubles(net));
            var plan = Plan with
            {
                WeightAverage = kind,
                OnCancel = CancelBehavior.KeepBest,
                CancellationToken = source.Token,
                Progress = new Steps(() =>
                {
                    var decay = Math.Min(0.5, (1.0 + steps) / (10 + steps));
                    expected = [.. expected.Zip(Doubles(net), (mean, w) => decay * mean + (1 - decay) * w)];
                    if (++steps == 11)
                        source.Cancel();
                }),
            };
            var ending = new Trainer(net, plan).Run(train, null).Ending;
            (found, average) = (Doubles(net), expected);
            return ending;
        }
    }

    [TestMethod]
    public void Run_with_an_average_leaves_no_tensor_behind()
    {
        Run();
        var before = LiveTensors.Before();
        Run();
        // TorchSharp's count never gives back the tensors that became Parameters: the network has six, and a run makes one.
        Assert.IsInRange(before, before + 2 * 7, LiveTensors.Before());

        static void Run()
        {
            foreach (var average in new WeightAverage[] { new Ema(), new Swa(Start: 0.5) })
            {
                using var net = new SmallNet();
                using var train = new WavyExamples(20);
                using var validation = new WavyExamples(9, phase: 1);
                new Trainer(net, Plan with { WeightAverage = average }).Run(train, validation);
            }
        }
    }

    static double[] Doubles(SmallNet net) => [.. net.Flat().Select(weight => (double)weight)];

    static Dictionary<string, byte[]> Statistics(SmallNet net) => net.State().Where(tensor => tensor.Key is "norm.running_mean" or "norm.running_var").ToDictionary();

    static void Same(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        foreach (var (name, bytes) in expected)
            CollectionAssert.AreEqual(bytes, actual[name], name);
    }

    sealed class Steps(Action act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => act();
    }
}
