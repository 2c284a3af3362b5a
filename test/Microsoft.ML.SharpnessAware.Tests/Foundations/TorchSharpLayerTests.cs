using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpLayerTests
{
    [TestMethod]
    public void Conv2d_slides_its_kernel_with_stride_and_padding()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Conv2d(1, 1, 3, stride: 2, padding: 1, bias: false);
        using (no_grad()) layer.weight!.fill_(1);

        var output = layer.call(arange(16, float32).view(1, 1, 4, 4));

        CollectionAssert.AreEqual(new long[] { 1, 1, 2, 2 }, output.shape);
        CollectionAssert.AreEqual(new[] { 10f, 24, 51, 90 }, output.data<float>().ToArray());
    }

    [TestMethod]
    public void Conv2d_refuses_another_number_of_channels()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Conv2d(3, 4, 3);
        var gray = ones(1, 1, 8, 8);

        Assert.ThrowsExactly<ArgumentException>(() => layer.call(gray));
    }

    [TestMethod]
    public void Conv2d_starts_within_its_bound()
    {
        using var layer = nn.Conv2d(4, 8, 3);
        var bound = 1 / Math.Sqrt(4 * 9);

        Assert.IsLessThanOrEqualTo((float)bound, layer.weight!.abs().max().item<float>());
        Assert.IsLessThanOrEqualTo((float)bound, layer.bias!.abs().max().item<float>());
        Assert.IsGreaterThan((float)(bound * 0.9), layer.weight!.abs().max().item<float>());
    }

    [TestMethod]
    public void Linear_multiplies_by_the_transposed_weight()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 3);
        using (no_grad())
        {
            layer.weight!.copy_(arange(6, float32).view(3, 2));
            layer.bias!.fill_(10);
        }
        CollectionAssert.AreEqual(new[] { 12f, 18, 24 }, layer.call(tensor([1f, 2])).data<float>().ToArray());
    }

    [TestMethod]
    public void Pooling_takes_the_mean_or_the_maximum()
    {
        using var scope = NewDisposeScope();
        var image = arange(16, float32).view(1, 1, 4, 4);

        CollectionAssert.AreEqual(new[] { 2.5f, 4.5f, 10.5f, 12.5f }, nn.AvgPool2d(2).call(image).data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 5f, 7, 13, 15 }, nn.MaxPool2d(2).call(image).data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 5f, 7, 13, 15 }, nn.MaxPool2d(3, 2, 1).call(image).data<float>().ToArray());
        Assert.AreEqual(7.5f, nn.AdaptiveAvgPool2d(1).call(image).item<float>());
    }

    [TestMethod]
    public void Flatten_keeps_the_batch()
    {
        using var scope = NewDisposeScope();

        CollectionAssert.AreEqual(new long[] { 2, 12 }, nn.Flatten().call(zeros(2, 3, 2, 2)).shape);
    }

    [TestMethod]
    public void Dropout_draws_the_same_mask_from_the_same_generator_state()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Dropout(0.5);
        var input = ones(64);
        var state = get_rng_state();
        var first = layer.call(input);
        var second = layer.call(input);
        set_rng_state(state);
        var replayed = layer.call(input);

        CollectionAssert.AreEqual(first.data<float>().ToArray(), replayed.data<float>().ToArray());
        CollectionAssert.AreNotEqual(first.data<float>().ToArray(), second.data<float>().ToArray());
        CollectionAssert.AreEquivalent(new[] { 0f, 2 }, first.data<float>().Distinct().ToArray());
    }

    [TestMethod]
    public void Dropout_does_nothing_in_evaluation()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Dropout(0.5);
        layer.eval();

        Assert.AreEqual(64f, layer.call(ones(64)).sum().item<float>());
    }

    [TestMethod]
    public void LayerNorm_normalises_the_last_dimensions()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.LayerNorm(2);

        Near.Equal([-1, 1, -1, 1], [.. layer.call(tensor([1f, 3, 10, 30]).view(2, 2)).data<float>().ToArray()], 1e-4);
    }

    [TestMethod]
    public void Embedding_looks_up_rows_and_gives_the_padding_row_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Embedding(4, 2, padding_idx: 0);

        var output = layer.call(tensor([0L, 2]));
        output.sum().backward();

        Assert.AreEqual(0f, output[0].abs().sum().item<float>());
        CollectionAssert.AreEqual(layer.weight![2].data<float>().ToArray(), output[1].data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 0, 0, 0, 1, 1, 0, 0 }, layer.weight!.grad!.data<float>().ToArray());
        Assert.AreEqual("weight", string.Join(' ', layer.named_parameters().Select(p => p.name)));
    }

    [TestMethod]
    public void A_wrong_shape_throws_with_the_message_of_libtorch()
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(2, 3), b = ones(2, 3);

        var refusal = Assert.ThrowsExactly<ExternalException>(() => a.mm(b));

        StringAssert.StartsWith(refusal.Message, "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)");
    }
}
