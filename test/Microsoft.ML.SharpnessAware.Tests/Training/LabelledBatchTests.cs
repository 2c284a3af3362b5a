namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LabelledBatchTests
{
    [TestMethod]
    public void Losses_are_smoothed_over_all_classes_as_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Flatten();
        var logits = tensor(new double[,] { { 2, 0, -1 }, { 2, 0, -1 } });
        using var batch = new LabelledBatch(new Batch(logits, tensor(new long[] { 0, 1 })), labelSmoothing: 0.1);

        var first = batch.Losses(net, 0, 1);
        var second = batch.Losses(net, 1, 1);

        Near.Equal([0.3365126862], first.data<double>().ToArray(), 1e-10, "printed with ten digits");
        // Cross-entropy of 0 at (0.1/3, 1 − 0.2/3, 0.1/3): the log-sum less the mean of the logits so weighted.
        var expected = Math.Log(Math.Exp(2) + 1 + Math.Exp(-1)) - (2 - 1) * 0.1 / 3;
        Near.Equal([expected], second.data<double>().ToArray(), 1e-14);
    }

    [TestMethod]
    public void Losses_of_mixed_examples_are_the_weighted_sum_over_targets()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Flatten();
        var logits = tensor(new double[,] { { 2, 0 }, { 2, 0 }, { 0, 1 } });
        using var batch = new LabelledBatch(new Batch(logits,
        [
            new Target(tensor(new long[] { 0, 1, 1 }), tensor(new[] { 0.5, 1, 3 })),
            new Target(tensor(new long[] { 1, 1, 0 }), tensor(new[] { 0.25, 0, 1 })),
        ]), labelSmoothing: 0);

        var losses = cat([batch.Losses(net, 0, 1), batch.Losses(net, 1, 2)]);

        double Cost(double other, double own) => Math.Log(1 + Math.Exp(other - own));
        Near.Equal([0.5 * Cost(0, 2) + 0.25 * Cost(2, 0), Cost(2, 0), 3 * Cost(0, 1) + Cost(1, 0)], losses.data<double>().ToArray(), 1e-14);
        Assert.AreEqual(2, batch.Hits, "by the first target: 0 and 1 are, 1 is not");
    }

    [TestMethod]
    public void Hits_count_each_example_in_its_first_pass_only()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Flatten();
        using var batch = new LabelledBatch(new Batch(tensor(new double[,] { { 2, 0 }, { 2, 0 }, { 0, 1 } }), tensor(new long[] { 0, 1, 1 })), labelSmoothing: 0);

        batch.Losses(net, 0, 2);
        batch.Losses(net, 2, 1);
        batch.Losses(net, 0, 2);

        Assert.AreEqual(2, batch.Hits);
    }
}
