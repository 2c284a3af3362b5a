using Microsoft.Extensions.Time.Testing;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ProgressLogTests
{
    readonly FakeTimeProvider _time = new();
    readonly List<string> _lines = [];

    [TestMethod]
    public void AfterStep_writes_a_line_every_15_seconds_and_none_beside_that_of_an_epoch()
    {
        var log = new ProgressLog(Plan());

        for (var batch = 1; batch <= 6; batch++)
            Step(log, seconds: 8, batch, batches: 6);
        log.AfterEpoch();
        Step(log, seconds: 8, batch: 1, batches: 6, epoch: 2);
        Step(log, seconds: 8, batch: 2, batches: 6, epoch: 2);

        Assert.AreSequenceEqual(
            [
                "At 0.25 examples/s the run is going to take up to 26:03:07.",
                "Epoch 1/2, batch 2 of 6: loss 1.2500, training accuracy 0.5000, 0.25 examples/s, 26:03:07 left",
                "Epoch 1/2, batch 4 of 6: loss 1.2500, training accuracy 0.5000, 0.25 examples/s, 26:03:07 left",
                "Epoch 2/2, batch 2 of 6: loss 1.2500, training accuracy 0.5000, 0.25 examples/s, 26:03:07 left",
            ],
            _lines);
    }

    [TestMethod]
    public void AfterStep_warns_once_of_a_long_run_on_the_CPU_with_what_to_choose()
    {
        var log = new ProgressLog(Plan() with { AdviceOnLongRuns = "Choose another." });

        for (var batch = 1; batch <= 5; batch++)
            Step(log, seconds: 1, batch, batches: 6);

        Assert.AreSequenceEqual(["WARNING On this CPU the run is going to take up to 26:03:07 (0.25 examples/s). Choose another."], _lines);
    }

    [TestMethod]
    [DataRow(5, 0)]
    [DataRow(60, 1)]
    [DataRow(600, 1)]
    public void AfterStep_says_how_long_the_run_takes_where_that_is_worth_a_line(int remaining, int lines)
    {
        var log = new ProgressLog(Plan() with { AdviceOnLongRuns = "Choose another." });

        for (var batch = 1; batch <= 5; batch++)
            Step(log, seconds: 1, batch, batches: 6, remaining: TimeSpan.FromSeconds(remaining));

        Assert.HasCount(lines, _lines);
        Assert.IsFalse(_lines.Exists(line => line.StartsWith("WARNING", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void AfterStep_says_how_long_the_run_takes_when_its_last_stage_tells()
    {
        var log = new ProgressLog(Plan() with { AdviceOnLongRuns = "Choose another." });

        for (var batch = 1; batch <= 3; batch++)
            Step(log, seconds: 8, batch, batches: 6, remaining: TimeSpan.FromSeconds(20), lastEpoch: 1);
        log.AfterEpoch();
        for (var batch = 1; batch <= 3; batch++)
            Step(log, seconds: 1, batch, batches: 6, epoch: 2);

        Assert.AreSequenceEqual(
            [
                "Epoch 1/2, batch 2 of 6: loss 1.2500, training accuracy 0.5000, 0.25 examples/s, 00:00:20 left to the end of epoch 1",
                "WARNING On this CPU the run is going to take up to 26:03:07 (0.25 examples/s). Choose another.",
            ],
            _lines);
    }

    TrainingPlan Plan() => CheckpointedRun.Plan with { Time = _time, Log = _lines.Add, Warn = line => _lines.Add($"WARNING {line}") };

    void Step(ProgressLog log, int seconds, int batch, int batches, int epoch = 1, TimeSpan? remaining = null, int lastEpoch = 2)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        log.AfterStep(new TrainingProgress(epoch, 2, batch, batches, 1.25, 1.5, 0.5, 0.25, remaining ?? new TimeSpan(26, 3, 7), default), lastEpoch);
    }
}
