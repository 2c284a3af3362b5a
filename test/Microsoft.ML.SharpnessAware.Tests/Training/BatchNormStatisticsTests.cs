namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class BatchNormStatisticsTests
{
    const int Rows = 20;

    static readonly TrainingPlan Plan = CheckpointedRun.Plan with { BatchSize = 8 };

    [TestMethod]
    public void Recompute_finds_the_statistics_of_one_pass_whatever_they_were()
    {
        using var scope = NewDisposeScope();
        using var net = TwoNorms(dropout: 0.5);
        using var examples = new FakeExamples(Rows);
        using (no_grad())
            net.state_dict()["norm1.running_mean"].fill_(100);

        BatchNormStatistics.Recompute(net, examples, Plan);

        var state = net.state_dict();
        foreach (var norm in new[] { 1, 2 })
        {
            var (means, variances) = OnePass(net, norm);
            Near.Equal(means, Doubles(state[$"norm{norm}.running_mean"]), 2e-6, $"norm{norm}, float32");
            Near.Equal(variances, Doubles(state[$"norm{norm}.running_var"]), 2e-6, $"norm{norm}, float32");
        }
        Assert.IsTrue(net.modules().All(module => !module.training));
    }

    [TestMethod]
    public void Recompute_sees_rows_as_they_are_and_in_an_order_of_chance()
    {
        using var net = TwoNorms();
        using var examples = new FakeExamples(Rows);
        BatchNormStatistics.Recompute(net, examples, Plan);
        CollectionAssert.AreEqual(new[] { (8, (long?)null), (8, null), (4, null) }, examples.Loads);
        CollectionAssert.AreEqual(new long?[] { Plan.Seeds.For("statistics") }, examples.Shuffles);
    }

    [TestMethod]
    public void Recompute_leaves_a_network_without_batch_norm_alone()
    {
        using var net = nn.Sequential(("fc", nn.Linear(2, 2)));
        using var examples = new FakeExamples(Rows);
        BatchNormStatistics.Recompute(net, examples, Plan);
        Assert.IsEmpty(examples.Loads);
    }

    [TestMethod]
    public void Recompute_that_is_cancelled_leaves_no_hook_and_eval_mode()
    {
        using var net = TwoNorms();
        using var examples = new FakeExamples(Rows);
        Assert.Throws<OperationCanceledException>(() => BatchNormStatistics.Recompute(net, examples, Plan with { CancellationToken = new CancellationToken(canceled: true) }));
        Assert.IsTrue(net.modules().All(module => !module.training));

        using var batch = examples.Load([0, 1, 2], augmentationSeed: null);
        using var noGrad = no_grad();
        var before = LiveTensors.Before();
        net.call(batch.Inputs).Dispose();
        net.call(batch.Inputs).Dispose();
        Assert.AreEqual(before, LiveTensors.Before(), "a hook would keep sums");
    }

    // Layer by layer, with each norm dividing by what its own batch has.
    static (double[] Means, double[] Variances) OnePass(nn.Module<Tensor, Tensor> net, int norm)
    {
        using var noGrad = no_grad();
        using var examples = new FakeExamples(Rows);
        var state = net.state_dict();
        var (means, variances) = (new double[3], new double[3]);
        foreach (var rows in examples.Batches(8, null))
        {
            using var batch = examples.Load(rows, null);
            var x = batch.Inputs.to(ScalarType.Float64);
            for (var layer = 1; layer <= norm; layer++)
            {
                x = x.matmul(state[$"fc{layer}.weight"].to(ScalarType.Float64).t()) + state[$"fc{layer}.bias"].to(ScalarType.Float64);
                if (layer < norm)
                    x = (x - x.mean([0])) / (x.var(0, unbiased: false) + 1e-5).sqrt();
            }
            for (var channel = 0; channel < 3; channel++)
            {
                means[channel] += x.mean([0])[channel].ToDouble() * rows.Length / Rows;
                variances[channel] += x.var(0)[channel].ToDouble() * rows.Length / Rows;
            }
        }
        return (means, variances);
    }

    static nn.Module<Tensor, Tensor> TwoNorms(double dropout = 0)
    {
        using var random = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1);
        return nn.Sequential(
            ("fc1", nn.Linear(2, 3)), ("drop1", nn.Dropout(dropout)), ("norm1", nn.BatchNorm1d(3)),
            ("fc2", nn.Linear(3, 3)), ("drop2", nn.Dropout(dropout)), ("norm2", nn.BatchNorm1d(3)),
            ("fc3", nn.Linear(3, 2)));
    }

    static double[] Doubles(Tensor tensor) => tensor.to(ScalarType.Float64).data<double>().ToArray();
}
