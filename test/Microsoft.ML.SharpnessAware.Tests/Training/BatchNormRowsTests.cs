using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class BatchNormRowsTests
{
    static readonly TrainingPlan Plan = CheckpointedRun.Plan with { BatchSize = 4 };

    [TestMethod]
    [DataRow(1, null, null, 8, "BatchSize is 1")]
    [DataRow(4, 1, null, 8, "MicroBatch is 1 where a batch has 4 rows")]
    [DataRow(3, 2, null, 6, "MicroBatch is 2 where a batch has 3 rows")]
    [DataRow(4, null, 1, 8, "RowsPerPass is 1 where 4 rows share a perturbation")]
    [DataRow(4, 3, 1, 8, "RowsPerPass is 1 where 2 rows share a perturbation")]
    [DataRow(4, null, null, 1, "There is one row to train on")]
    public void Check_names_the_option_and_the_layer_that_sees_one_value_of_a_channel(int batchSize, int? microBatch, int? rowsPerPass, int rows, string option)
    {
        using var net = Norms();
        using var examples = new FakeExamples(rows);
        var plan = Plan with { BatchSize = batchSize, Steps = new StepSettings { MicroBatch = microBatch, RowsPerPass = rowsPerPass } };

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => BatchNormRows.Check(net, examples, plan));

        Assert.AreEqual($"{option}, and of one row the batch norm layer 'norm' sees one value of each channel, which has no variance to divide by. Take 2 rows or more, larger images, or a network without batch norm.", error.Message);
    }

    [TestMethod]
    public void Check_counts_the_rows_of_each_worker()
    {
        var errors = ThreadWorkers.Faults(2, workers =>
        {
            using var net = Norms();
            using var examples = new FakeExamples(12);
            var plan = Plan with { Team = Team.Of(workers), BatchSize = 6 };
            BatchNormRows.Check(net, examples, plan with { Steps = new StepSettings { RowsPerPass = 2 } });
        });
        foreach (var error in errors)
            Assert.StartsWith("RowsPerPass is 2 where 3 rows share a perturbation, and of one row the batch norm layer 'norm'", Assert.IsInstanceOfType<InvalidOperationException>(error).Message);
    }

    [TestMethod]
    public void Run_and_the_learning_rate_finder_check_before_the_first_step()
    {
        using var net = Norms();
        using var examples = new FakeExamples(8);
        var plan = Plan with { Steps = new StepSettings { MicroBatch = 1 }, Progress = new Direct(_ => Assert.Fail("a step")) };

        Assert.ThrowsExactly<InvalidOperationException>(() => new Trainer(net, plan).Run(examples, validation: null));
        Assert.ThrowsExactly<InvalidOperationException>(() => new LearningRateFinder(net, plan, new LearningRateSweep()).Run(examples));
    }

    [TestMethod]
    public void Check_lets_one_row_pass_where_its_channels_have_several_values_or_nothing_normalises_them()
    {
        using var examples = new FakeExamples(8);
        var plan = Plan with { BatchSize = 1 };
        using var wide = nn.Sequential(("unflatten", nn.Unflatten(1, [1, 2])), ("norm", nn.BatchNorm1d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(2, 2)));
        using var without = nn.Sequential(("norm", nn.LayerNorm(2)), ("fc", nn.Linear(2, 2)));
        using var scope = NewDisposeScope();

        BatchNormRows.Check(wide, examples, plan);
        BatchNormRows.Check(without, examples, plan);

        Assert.AreEqual(0, wide.call(rand(1, 2)).isnan().sum().ToInt32());
    }

    static Sequential Norms() => nn.Sequential(("fc1", nn.Linear(2, 3)), ("norm", nn.BatchNorm1d(3)), ("fc2", nn.Linear(3, 2)));
}
