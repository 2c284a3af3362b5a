namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpFunctionalTests
{
    [TestMethod]
    public void Cross_entropy_is_minus_the_logarithm_of_the_softmax()
    {
        using var scope = NewDisposeScope();
        double[] logits = [0.5, -1, 2];
        var sum = logits.Sum(Math.Exp);

        var loss = nn.functional.cross_entropy(tensor(logits).view(1, 3), tensor([2L]));

        Assert.AreEqual(Math.Log(sum) - 2, loss.item<double>(), 1e-12);
    }

    [TestMethod]
    public void Cross_entropy_smooths_labels_over_all_classes()
    {
        using var scope = NewDisposeScope();
        double[] logits = [0.5, -1, 2];
        var log = Math.Log(logits.Sum(Math.Exp));

        var loss = nn.functional.cross_entropy(tensor(logits).view(1, 3), tensor([2L]), label_smoothing: 0.3);

        var expected = 0.7 * (log - 2) + 0.3 * logits.Average(l => log - l);
        Assert.AreEqual(expected, loss.item<double>(), 1e-12);
    }

    [TestMethod]
    public void Cross_entropy_reduces_as_told_and_skips_the_ignored_index()
    {
        using var scope = NewDisposeScope();
        var logits = zeros(3, 2, float64);
        var labels = tensor([0L, 1, -100]);
        var each = Math.Log(2);

        double[] Loss(nn.Reduction reduction) =>
            nn.functional.cross_entropy(logits, labels, reduction: reduction).data<double>().ToArray();

        Near.Equal([each, each, 0], Loss(nn.Reduction.None), 1e-15);
        Near.Equal([each], Loss(nn.Reduction.Mean), 1e-15);
        Near.Equal([2 * each], Loss(nn.Reduction.Sum), 1e-15);
    }

    [TestMethod]
    public void Cross_entropy_weighs_the_classes()
    {
        using var scope = NewDisposeScope();
        var logits = tensor([1.0, 0, 0, 0]).view(2, 2);
        var labels = tensor([0L, 1]);
        double first = Math.Log(1 + Math.Exp(-1)), second = Math.Log(2);

        var loss = nn.functional.cross_entropy(logits, labels, tensor([3.0, 1]));

        Assert.AreEqual((3 * first + second) / 4, loss.item<double>(), 1e-12);
    }

    [TestMethod]
    public void Softmax_and_log_softmax_sum_to_one()
    {
        using var scope = NewDisposeScope();
        var logits = tensor([1.0, 2, 3]);

        Assert.AreEqual(1.0, nn.functional.softmax(logits, 0).sum().item<double>(), 1e-15);
        Assert.AreEqual(1.0, nn.functional.log_softmax(logits, 0).exp().sum().item<double>(), 1e-15);
    }

    [TestMethod]
    public void One_hot_marks_the_class()
    {
        using var scope = NewDisposeScope();

        CollectionAssert.AreEqual(new long[] { 0, 1, 0, 1, 0, 0 }, nn.functional.one_hot(tensor([1L, 0]), 3).data<long>().ToArray());
    }

    [TestMethod]
    public void Pad_surrounds_by_zeros_or_by_reflection()
    {
        using var scope = NewDisposeScope();
        var row = tensor([1f, 2, 3]).view(1, 1, 3);

        CollectionAssert.AreEqual(new[] { 0f, 1, 2, 3, 0, 0 }, nn.functional.pad(row, (1, 2)).data<float>().ToArray());
        CollectionAssert.AreEqual(
            new[] { 2f, 1, 2, 3, 2, 1 }, nn.functional.pad(row, (1, 2), PaddingModes.Reflect).data<float>().ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 1, 7, 4 }, nn.functional.pad(zeros(1, 1, 3, 2), (1, 1, 2, 2)).shape);
    }

    [TestMethod]
    public void Interpolate_bilinear_puts_pixels_at_their_centres()
    {
        using var scope = NewDisposeScope();
        var row = tensor([0f, 4]).view(1, 1, 1, 2);

        var wide = nn.functional.interpolate(row, size: [1, 4], mode: InterpolationMode.Bilinear, align_corners: false);
        var aligned = nn.functional.interpolate(row, size: [1, 5], mode: InterpolationMode.Bilinear, align_corners: true);
        var twice = nn.functional.interpolate(row, scale_factor: [1, 2]);

        CollectionAssert.AreEqual(new[] { 0f, 1, 3, 4 }, wide.data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 1, 2, 3, 4 }, aligned.data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 0, 4, 4 }, twice.data<float>().ToArray());
    }

    [TestMethod]
    public void Relu_in_place_changes_its_input()
    {
        using var scope = NewDisposeScope();
        var input = tensor([-1f, 2]);

        nn.functional.relu(input);
        Assert.AreEqual(-1f, input[0].item<float>());
        nn.functional.relu(input, inplace: true);
        Assert.AreEqual(0f, input[0].item<float>());
    }
}
