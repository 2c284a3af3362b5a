using Microsoft.Extensions.Time.Testing;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A run that was stopped and went on is the unbroken run, bit for bit.</summary>
[TestClass]
public class ResumeTests
{
    const int StepsPerEpoch = 5;
    const int Steps = 3 * StepsPerEpoch;

    static readonly TrainingPlan Plan = CheckpointedRun.Plan;

    static IEnumerable<object[]> Rules() => AllRules.Defaults().Append(new LooksBack()).Select(r => new object[] { r });

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Cancelled_after_any_of_20_random_steps_and_resumed_it_is_the_unbroken_run(SharpnessRule rule)
    {
        var adam = Plan with { Sharpness = rule, Optimizer = new AdamW(LearningRate: 0.05), EarlyStopping = new EarlyStopping(EarlyStoppingMetric.Loss, MinDelta: 0.001, Patience: 2) };
        var sgd = Plan with { Sharpness = rule, Optimizer = new Sgd(LearningRate: 0.1, Nesterov: true), Steps = new StepSettings { FreshMasks = true, MicroBatch = 3, ClipNorm = 1 } };
        foreach (var (plan, validates) in new[] { (adam, true), (sgd, false) })
        {
            var unbroken = CheckpointedRun.Unbroken(plan, validates);
            foreach (var stop in Random(count: 10, most: unbroken.Summary!.Epochs * StepsPerEpoch))
            {
                using var run = new CheckpointedRun(plan) { Validation = unbroken.Validation };
                Assert.Throws<OperationCanceledException>(() => run.CancelAfter(stop));
                run.Finish();
                run.AssertSame(unbroken, $"{rule}, {plan.Optimizer}, stopped after {stop} steps");
            }
        }
    }

    static IEnumerable<object[]> RulesThatRemember() => [[new FriendlySam()], [new LooksBack()]];

    [TestMethod]
    [DynamicData(nameof(RulesThatRemember))]
    public void Cancelled_after_every_step_of_one_run_it_is_the_unbroken_run(SharpnessRule rule)
    {
        var plan = Plan with { Sharpness = rule };
        var unbroken = CheckpointedRun.Unbroken(plan, validates: true);
        using var run = new CheckpointedRun(plan) { Validation = unbroken.Validation };

        for (var stop = 0; stop <= Steps; stop++)
            Assert.Throws<OperationCanceledException>(() => run.CancelAfter(stop));
        run.Finish();

        run.AssertSame(unbroken, "stopped after every step");
        Assert.IsEmpty(run.Warnings);
    }

    [TestMethod]
    public void Resumed_in_an_epoch_it_loads_the_rest_of_it_and_no_more()
    {
        using var run = new CheckpointedRun(Plan with { Epochs = 2 });
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(3));
        run.Finish();
        Assert.AreEqual(7, run.Train.Loads);
        Assert.Contains("in epoch 1, after 3 of its batches.", run.Log.Single(line => line.StartsWith("Resuming", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Resumed_with_a_rule_that_looks_back_it_loads_the_last_batch_again()
    {
        using var run = new CheckpointedRun(Plan with { Epochs = 2, Sharpness = new LooksBack() });
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(5));
        run.Finish();
        Assert.AreEqual(5 + 1, run.Train.Loads);
    }

    [TestMethod]
    public void Resumed_with_parameter_groups_it_is_the_unbroken_run()
    {
        var plan = Plan with { Steps = new StepSettings { ParameterGroups = [new(new WeightsNamed("fc.*"), new AdamW())], PerturbedWeights = new NoBiases(), RowsPerPass = 2 }, RhoSchedule = new CosineSchedule() };
        var unbroken = CheckpointedRun.Unbroken(plan, validates: true);
        using var run = new CheckpointedRun(plan) { Validation = unbroken.Validation };
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(7));
        run.Finish();
        run.AssertSame(unbroken, "groups");
    }

    static IEnumerable<object[]> Averages() => [[new Ema(Decay: 0.9)], [new Swa(Start: 0.4)]];

    [TestMethod]
    [DynamicData(nameof(Averages))]
    public void Cancelled_after_every_step_with_an_average_it_is_the_unbroken_run(WeightAverage average)
    {
        foreach (var validates in new[] { true, false })
        {
            var plan = Plan with { WeightAverage = average, EarlyStopping = new EarlyStopping(EarlyStoppingMetric.Loss) };
            var unbroken = CheckpointedRun.Unbroken(plan, validates);
            using var run = new CheckpointedRun(plan) { Validation = unbroken.Validation };

            for (var stop = 0; stop <= Steps; stop++)
                Assert.Throws<OperationCanceledException>(() => run.CancelAfter(stop));
            run.Finish();

            run.AssertSame(unbroken, $"{average}, stopped after every step");
            Assert.IsEmpty(run.Warnings);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Averages))]
    public void Cancelled_while_it_validates_an_average_it_is_the_unbroken_run(WeightAverage average)
    {
        var cancelled = false;
        var plan = Plan with { WeightAverage = average, CheckAlive = () => { if (cancelled) throw new OperationCanceledException(); } };
        var unbroken = CheckpointedRun.Unbroken(plan, validates: true);
        using var run = new CheckpointedRun(plan) { Validation = new WavyExamples(9, phase: 1) { Loading = load => cancelled |= load is 1 or 5 or 9 } };

        for (var epoch = 1; epoch <= 3; epoch++)
        {
            Assert.Throws<OperationCanceledException>(run.Finish);
            cancelled = false;
        }
        run.Finish();

        run.AssertSame(unbroken, $"{average}, stopped in each validation");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(14)]
    public void Broken_it_goes_on_from_the_last_epoch(int steps)
    {
        var unbroken = CheckpointedRun.Unbroken(Plan, validates: true);
        using var run = new CheckpointedRun(Plan) { Validation = unbroken.Validation };
        if (steps > 0)
            run.BreakAfter(steps);
        run.Finish();
        run.AssertSame(unbroken, $"broken after {steps} steps");
        // A step that is reported is not yet behind its checkpoint.
        Assert.AreEqual(Steps - (steps - 1) / StepsPerEpoch * StepsPerEpoch, run.Train.Loads);
    }

    [TestMethod]
    public void Checkpoint_is_written_in_an_epoch_when_its_time_has_come()
    {
        var time = new FakeTimeProvider();
        var unbroken = CheckpointedRun.Unbroken(Plan, validates: false);
        using var run = new CheckpointedRun(Plan)
        {
            Settings = new CheckpointSettings("", EveryEpochs: 100, Every: TimeSpan.FromMinutes(10)) { Time = time },
            AfterStep = step => time.Advance(TimeSpan.FromMinutes(step == 7 ? 4 : 3)),
        };

        run.BreakAfter(4);
        Assert.IsEmpty(run.Files(), "9 minutes");
        run.BreakAfter(5);
        CollectionAssert.AreEqual(new[] { "sam-step-00000004.safetensors" }, run.Files());
        run.BreakAfter(9);
        CollectionAssert.AreEqual(new[] { "sam-step-00000004.safetensors", "sam-step-00000007.safetensors" }, run.Files());
        run.Finish();

        run.AssertSame(unbroken, "broken in epochs");
    }

    [TestMethod]
    public void Checkpoint_is_written_every_so_many_epochs()
    {
        using var run = new CheckpointedRun(Plan with { Epochs = 6 }) { Settings = new CheckpointSettings("", EveryEpochs: 2) };
        run.BreakAfter(24);
        CollectionAssert.AreEqual(new[] { "sam-step-00000010.safetensors", "sam-step-00000020.safetensors" }, run.Files());
    }

    [TestMethod]
    public void Patience_runs_out_in_the_same_epoch()
    {
        var plan = Plan with { Epochs = 50, Optimizer = new Sgd(LearningRate: 0), EarlyStopping = new EarlyStopping(Patience: 3) };
        var unbroken = CheckpointedRun.Unbroken(plan, validates: true);
        Assert.AreEqual((4, 4), (unbroken.Summary!.Epochs, unbroken.Summary.BestEpoch));

        foreach (var stop in new[] { 7, 17, 20 })
        {
            using var run = new CheckpointedRun(plan) { Validation = unbroken.Validation };
            Assert.Throws<OperationCanceledException>(() => run.CancelAfter(stop));
            run.Finish();
            run.AssertSame(unbroken, $"stopped after {stop} steps");
        }
    }

    [TestMethod]
    public void Best_epoch_is_the_unbroken_runs_whether_it_lies_before_the_stop_or_after()
    {
        // A learning rate at which the loss goes up and down.
        var plan = Plan with { Epochs = 6, Optimizer = new Sgd(LearningRate: 0.3), Schedule = new ConstantSchedule(), EarlyStopping = new EarlyStopping(EarlyStoppingMetric.Loss, Patience: 20) };
        var unbroken = CheckpointedRun.Unbroken(plan, validates: true);
        var best = unbroken.Summary!.BestEpoch!.Value;
        Assert.IsInRange(2, 5, best, "so that there are epochs on either side");

        foreach (var stop in new[] { best * StepsPerEpoch - 3, best * StepsPerEpoch, best * StepsPerEpoch + 2 })
        {
            using var run = new CheckpointedRun(plan) { Validation = unbroken.Validation };
            Assert.Throws<OperationCanceledException>(() => run.CancelAfter(stop));
            run.Finish();
            run.AssertSame(unbroken, $"best epoch {best}, stopped after {stop} steps");
        }
    }

    [TestMethod]
    public void Skipped_steps_are_counted_on()
    {
        var plan = Plan with { Epochs = 6, Sharpness = new NeverFinite(From: 7) };
        var unbroken = Assert.Throws<InvalidOperationException>(() => CheckpointedRun.Unbroken(plan, validates: false));
        Assert.StartsWith("20 steps in a row were skipped", unbroken.Message);

        using var run = new CheckpointedRun(plan);
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(13));
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(26));
        Assert.AreEqual(unbroken.Message, Assert.Throws<InvalidOperationException>(run.Finish).Message);
        Assert.HasCount(5, run.Epochs);
    }

    [TestMethod]
    public void A_skipped_step_is_not_the_last_batch_even_when_stopped_twice()
    {
        // The step after the skipped one looks back.
        var plan = Plan with { Sharpness = new LooksBack { SkipsAt = 7 } };
        var unbroken = CheckpointedRun.Unbroken(plan, validates: false);
        Assert.Contains("SkippedSteps=1", unbroken.Epochs[1]);
        using var run = new CheckpointedRun(plan);
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(8));
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(0));
        run.Finish();
        run.AssertSame(unbroken, "stopped after a step that was skipped, and again at once");
    }

    [TestMethod]
    public void Resumed_it_leaves_no_tensor_behind()
    {
        var plan = Plan with { Sharpness = new LooksBack(), Optimizer = new AdamW() };
        StopAndGoOn();
        var before = LiveTensors.Before();
        StopAndGoOn();
        // TorchSharp's count never gives back the tensors that became Parameters: each network has six, and each run makes one.
        Assert.IsInRange(before, before + 2 * 7, LiveTensors.Before());

        void StopAndGoOn()
        {
            using var run = new CheckpointedRun(plan) { Validation = new WavyExamples(9) };
            Assert.Throws<OperationCanceledException>(() => run.CancelAfter(7));
            run.Finish();
        }
    }

    static IEnumerable<int> Random(int count, int most)
    {
#pragma warning disable RS0030
        var random = new Random(most);
#pragma warning restore RS0030
        return Enumerable.Range(0, count).Select(_ => random.Next(most + 1));
    }

    /// <summary>A rule that sees its last batch again, and remembers numbers.</summary>
    public sealed record LooksBack : SharpnessRule
    {
        public int SkipsAt { get; init; } = -1;

        public override Tensor Direction(SamStep step)
        {
            var asked = step.RecallNumber("steps") ?? 0;
            step.Remember("steps", asked + 1);
            var g = step.GradientAt(step.Weights);
            var direction = asked % 3 == 0 || step.LastBatch is not { } last ? g : g + 0.5 * last.GradientAt(step.Weights);
            return step.Epoch * StepsPerEpoch == SkipsAt ? direction * double.NaN : direction;
        }
    }

    /// <summary>A rule whose directions are not finite from a step on.</summary>
    public sealed record NeverFinite(int From = 0) : SharpnessRule
    {
        public override Tensor Direction(SamStep step) => step.Index >= From ? step.GradientAt(step.Weights) * double.NaN : step.GradientAt(step.Weights);
    }
}
