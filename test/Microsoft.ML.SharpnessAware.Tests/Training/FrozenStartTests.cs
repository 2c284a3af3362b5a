using Microsoft.Extensions.Time.Testing;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Runs whose first epochs train the last layer alone.</summary>
[TestClass]
public class FrozenStartTests
{
    const int StepsPerEpoch = 5;

    static readonly TrainingPlan Plan = CheckpointedRun.Plan with { Frozen = new FrozenStart(2, "fc") };

    static IEnumerable<object[]> Rules => [[new FriendlySam()], [new ResumeTests.LooksBack()], [new LookSam()]];

    [TestMethod]
    public void Frozen_run_changes_nothing_but_the_last_layer()
    {
        using var net = new SmallNet();
        var before = net.State();

        new Trainer(net, Plan with { Frozen = new FrozenStart(int.MaxValue, "fc") }).Run(new WavyExamples(20), validation: null);

        var after = net.State();
        foreach (var (name, bytes) in before)
            if (name.StartsWith("fc."))
                CollectionAssert.AreNotEqual(bytes, after[name], name);
            else
                CollectionAssert.AreEqual(bytes, after[name], name);
    }

    [TestMethod]
    public void Frozen_run_takes_the_steps_of_the_whole_network_in_eval_mode_with_frozen_parameters()
    {
        var plan = Plan with { Frozen = new FrozenStart(int.MaxValue, "fc"), Optimizer = new Sgd(LearningRate: 0.5), Steps = new StepSettings { PerturbedWeights = new WeightsNamed("fc.*"), MicroBatch = 3 } };
        var train = new WavyExamples(20);
        using var expected = new SmallNet();
        foreach (var name in expected.TrainableNames.Where(name => !name.StartsWith("fc.")).ToArray())
            expected.Freeze(name);
        expected.eval();
        using (var step = new SamTrainStep(expected, plan.Sharpness, plan.Optimizer, plan.Steps))
            foreach (var epoch in Enumerable.Range(1, plan.Epochs))
            {
                // As loaded for validation: nothing is augmented.
                var batches = train.Batches(plan.BatchSize, plan.Seeds.For("shuffle", epoch)).ToArray();
                foreach (var (index, rows) in batches.Index())
                {
                    var done = epoch - 1 + (double)index / batches.Length;
                    step.Run(new LabelledBatch(train.Load(rows, augmentationSeed: null), 0), new StepMoment { Seed = 1, LearningRateFactor = plan.Schedule.FactorAt(done, plan.Epochs) });
                }
            }

        using var net = new SmallNet();
        new Trainer(net, plan).Run(train, validation: null);

        // A convolution over other batches adds up in another order.
        Near.Equal(expected.Flat().Select(value => (double)value).ToArray(), [.. net.Values("fc.weight").Concat(net.Values("fc.bias")).Select(value => (double)value)], 1e-6);
    }

    [TestMethod]
    public void Schedules_go_over_each_stage_and_the_last_layer_may_have_an_optimizer_of_its_own()
    {
        List<double> rates = [];
        using var net = new SmallNet();
        var plan = Plan with
        {
            Epochs = 6,
            Optimizer = new Sgd(LearningRate: 0.1),
            Schedule = new StepSchedule(EveryEpochs: 1, Factor: 0.5),
            Frozen = new FrozenStart(2, "fc", new Sgd(LearningRate: 1)),
            MetricsCallback = epoch => rates.Add(epoch.LearningRate),
        };

        new Trainer(net, plan).Run(new WavyExamples(20), validation: null);

        Near.Equal([1, 0.5, 0.1, 0.05, 0.025, 0.0125], [.. rates], 1e-12);
        var (first, last) = (new EpochSpan(1, 2), new EpochSpan(3, 6));
        var moment = (plan with { RhoSchedule = new LinearSchedule() }).MomentOf(batch: 1, batches: 2, epoch: 3, last);
        Assert.AreEqual((2.5, 6, 0.875), (moment.Epoch, moment.Epochs, moment.RhoFactor), "rules see the whole run");
        Assert.AreEqual(0.25, (plan with { RhoSchedule = new LinearSchedule() }).MomentOf(batch: 1, batches: 2, epoch: 2, first).RhoFactor);
    }

    [TestMethod]
    public void Speed_and_time_left_are_those_of_the_stage_without_the_time_that_features_take()
    {
        var time = new FakeTimeProvider();
        var epochs = new List<EpochMetrics>();
        using var net = new SmallNet();

        new Trainer(net, Plan with
        {
            Epochs = 4,
            Time = time,
            Log = line => time.Advance(TimeSpan.FromHours(line.Contains("computed once") ? 1 : 0)),
            Progress = new Direct(progress => time.Advance(TimeSpan.FromMinutes(progress.Epoch <= 2 ? 1 : 10))),
            MetricsCallback = epochs.Add,
        }).Run(new WavyExamples(20), validation: null);

        CollectionAssert.AreEqual(new[] { 5.0, 0, 50, 0 }, epochs.Select(epoch => epoch.Remaining.TotalMinutes).ToArray());
        CollectionAssert.AreEqual(new[] { 65.0, 70, 120, 170 }, epochs.Select(epoch => epoch.Elapsed.TotalMinutes).ToArray());
        CollectionAssert.AreEqual(new[] { 20 / 300.0, 40 / 600.0, 20 / 3000.0, 40 / 6000.0 }, epochs.Select(epoch => epoch.ExamplesPerSecond).ToArray());
        Assert.EndsWith("00:05:00 left to the end of epoch 2", epochs[0].ToString());
        Assert.EndsWith("00:50:00 left", epochs[2].ToString());
    }

    [TestMethod]
    public void Features_are_computed_once()
    {
        using var net = new SmallNet();
        var (train, validation) = (new WavyExamples(20), new WavyExamples(9));

        new Trainer(net, Plan).Run(train, validation);

        Assert.AreEqual(2 * StepsPerEpoch, train.Loads);
        Assert.AreEqual(2 * 2 + 2, validation.Loads + (9 % Plan.BatchSize == 1 ? 2 : 0));
    }

    [TestMethod]
    public void Log_says_what_is_trained()
    {
        string Line(int frozen)
        {
            var log = new List<string>();
            using var net = new SmallNet();
            new Trainer(net, Plan with { Frozen = new FrozenStart(frozen, "fc"), Time = new FakeTimeProvider(), Log = log.Add }).Run(new WavyExamples(20), new WavyExamples(9));
            return log[0];
        }

        const string Rest = " the last layer alone, 'fc', on what the layers before make of 29 rows, computed once in 0.0 s: nothing is augmented meanwhile.";
        Assert.AreEqual("Epoch 1 trains" + Rest, Line(1));
        Assert.AreEqual("Epochs 1 to 2 train" + Rest, Line(2));
        Assert.AreEqual("All epochs train" + Rest, Line(3));
    }

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Cancelled_after_every_step_of_one_run_it_is_the_unbroken_run(SharpnessRule rule)
    {
        var plan = Plan with { Sharpness = rule, Optimizer = new AdamW(LearningRate: 0.05), WeightAverage = new Ema(0.8) };
        var unbroken = CheckpointedRun.Unbroken(plan, validates: true);
        Assert.HasCount(3, unbroken.Epochs);
        using var run = new CheckpointedRun(plan) { Validation = unbroken.Validation };

        for (var stop = 0; stop <= 3 * StepsPerEpoch; stop++)
            Assert.Throws<OperationCanceledException>(() => run.CancelAfter(stop));
        run.Finish();

        run.AssertSame(unbroken, "stopped after every step");
        Assert.IsEmpty(run.Warnings);
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(9)]
    [DataRow(10)]
    [DataRow(11)]
    [DataRow(14)]
    public void Broken_it_goes_on_from_the_last_epoch(int steps)
    {
        var plan = Plan with { Sharpness = new FriendlySam(), Steps = new StepSettings { FreshMasks = true, RowsPerPass = 3, ParameterGroups = [new(new WeightsNamed("fc.*"), new AdamW())] } };
        var unbroken = CheckpointedRun.Unbroken(plan, validates: true);
        using var run = new CheckpointedRun(plan) { Validation = unbroken.Validation };
        run.BreakAfter(steps);
        run.Finish();
        run.AssertSame(unbroken, $"broken after {steps} steps");
    }

    [TestMethod]
    public void Resumed_behind_the_frozen_epochs_it_computes_no_features()
    {
        using var run = new CheckpointedRun(Plan);
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(2 * StepsPerEpoch + 2));
        run.Finish();
        Assert.AreEqual(3, run.Train.Loads);
    }

    [TestMethod]
    public void Patience_waits_for_the_whole_network_and_starts_again_with_it()
    {
        var plan = Plan with { Epochs = 50, Optimizer = new Sgd(LearningRate: 0), EarlyStopping = new EarlyStopping(Patience: 3), Frozen = new FrozenStart(10, "fc") };

        Assert.AreEqual(13, CheckpointedRun.Unbroken(plan, validates: true).Summary!.Epochs);
        Assert.AreEqual(4, CheckpointedRun.Unbroken(plan with { Frozen = new FrozenStart(50, "fc") }, validates: true).Summary!.Epochs);
    }

    [TestMethod]
    public void A_filter_that_chooses_frozen_weights_alone_perturbs_nothing_while_they_are_frozen()
    {
        var epochs = new List<EpochMetrics>();
        using var net = new SmallNet();
        new Trainer(net, Plan with { Steps = new StepSettings { PerturbedWeights = new NormLayersOnly() }, MetricsCallback = epochs.Add }).Run(new WavyExamples(20), validation: null);

        Assert.AreSequenceEqual([0, 0, 0.05], epochs.Select(epoch => Math.Round(epoch.EpsilonNorm, 6)));
        Assert.AreSequenceEqual([1.0, 1, 2], epochs.Select(epoch => epoch.Passes));
    }

    [TestMethod]
    public void Statistics_that_an_average_computes_again_stay_those_of_the_frozen_layers()
    {
        using var net = new SmallNet();
        var before = net.State();

        new Trainer(net, Plan with { Frozen = new FrozenStart(3, "fc"), WeightAverage = new Swa(Start: 0) }).Run(new WavyExamples(20), validation: null);

        CollectionAssert.AreEqual(before["norm.running_mean"], net.State()["norm.running_mean"]);
    }

    [TestMethod]
    public void Weights_of_rows_count_in_frozen_epochs()
    {
        float[] Trained(float[]? weights)
        {
            using var net = new SmallNet();
            new Trainer(net, Plan with { Epochs = 1 }).Run(WeightedExamples.Of(new WavyExamples(20), weights), validation: null);
            return net.Values("fc.weight");
        }

        CollectionAssert.AreEqual(Trained(null), Trained([.. Enumerable.Repeat(1f, 20)]));
        CollectionAssert.AreNotEqual(Trained(null), Trained([.. Enumerable.Range(0, 20).Select(row => row % 2 * 2f)]));
    }

    [TestMethod]
    public void Cancelled_to_keep_the_best_while_features_are_computed_it_has_the_first_weights()
    {
        using var net = new SmallNet();
        var before = net.State();
        using var source = new CancellationTokenSource();
        var train = new WavyExamples(20) { Loading = load => { if (load == 3) source.Cancel(); } };

        var summary = new Trainer(net, Plan with { CancellationToken = source.Token, OnCancel = CancelBehavior.KeepBest }).Run(train, validation: null);

        Assert.AreEqual("Cancelled in epoch 1, after 0 of its batches. The model is that of this moment.", summary.Ending);
        foreach (var (name, bytes) in before)
            CollectionAssert.AreEqual(bytes, net.State()[name], name);
    }

    [TestMethod]
    public void Frozen_run_leaves_no_tensor_behind()
    {
        Train();
        var before = LiveTensors.Before();
        Train();
        // TorchSharp's count never gives back the tensors that became Parameters: a network has six, and each stage makes one.
        Assert.IsInRange(before, before + 8, LiveTensors.Before());

        static void Train()
        {
            using var net = new SmallNet();
            new Trainer(net, Plan).Run(new WavyExamples(20), new WavyExamples(9));
        }
    }
}
