namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpBatchNormTests
{
    private static readonly double[] Values = [1, 2, 3, 6];

    [TestMethod]
    public void Forward_in_training_normalises_by_the_batch()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm1d(1, dtype: float64);

        var output = norm.call(tensor(Values).view(4, 1));

        var deviation = Math.Sqrt(3.5 + 1e-5);
        Near.Equal([.. Values.Select(v => (v - 3) / deviation)], output.data<double>().ToArray(), 1e-12);
    }

    [TestMethod]
    public void Forward_in_training_moves_the_running_statistics()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm1d(1, momentum: 0.25, dtype: float64);

        norm.call(tensor(Values).view(4, 1));

        Assert.AreEqual(0.25 * 3, norm.running_mean!.item<double>(), 1e-15);
        Assert.AreEqual(0.75 * 1 + 0.25 * 14 / 3, norm.running_var!.item<double>(), 1e-14, "the unbiased variance");
    }

    [TestMethod]
    public void Forward_in_training_counts_batches()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(2);

        for (var i = 0; i < 3; i++) norm.call(ones(2, 2, 2, 2));

        Assert.AreEqual(3L, norm.num_batches_tracked!.item<long>());
    }

    [TestMethod]
    public void Forward_in_evaluation_uses_and_keeps_the_running_statistics()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm1d(1, dtype: float64);
        using (no_grad())
        {
            norm.running_mean!.fill_(2);
            norm.running_var!.fill_(4);
        }
        norm.eval();

        var output = norm.call(tensor(Values).view(4, 1));

        Near.Equal([.. Values.Select(v => (v - 2) / Math.Sqrt(4 + 1e-5))], output.data<double>().ToArray(), 1e-12);
        Assert.AreEqual(2.0, norm.running_mean!.item<double>());
        Assert.AreEqual(0L, norm.num_batches_tracked!.to(int64).item<long>());
    }

    [TestMethod]
    public void Running_statistics_can_be_put_back_in_place()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(2);
        var saved = norm.buffers().Select(b => b.clone()).ToArray();
        norm.call(randn(4, 2, 3, 3));

        foreach (var (buffer, before) in norm.buffers().Zip(saved)) buffer.copy_(before);

        Assert.AreEqual(0f, norm.running_mean!.abs().sum().item<float>());
        Assert.AreEqual(2f, norm.running_var!.sum().item<float>());
        Assert.AreEqual(0L, norm.num_batches_tracked!.item<long>());
    }

    [TestMethod]
    public void Forward_refuses_the_wrong_number_of_dimensions()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(2);
        var flat = ones(2, 2);

        Assert.ThrowsExactly<ArgumentException>(() => norm.call(flat));
    }
}
