using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class FlatWeightsTests
{
    [TestMethod]
    public void Values_and_gradients_are_views_of_one_buffer_each()
    {
        using var toy = new Toy(("weight", [1, 2]), ("bias", [3]));
        using var flat = new FlatWeights(toy);
        using (no_grad())
            flat.Values.mul_(10);
        Near.Equal([10, 20, 30], toy.Values, 0);

        var gradient = flat.Gradient(0);
        toy.Quadratic(1, 1, 1).backward();
        Near.Equal([10, 20, 30], gradient.data<double>().ToArray(), 0);
    }

    [TestMethod]
    public void Gradient_of_a_later_pass_leaves_the_earlier_one_alone()
    {
        using var toy = Toy.At(1, 2);
        using var flat = new FlatWeights(toy);
        var first = flat.Gradient(0);
        toy.Quadratic(1, 1).backward();
        var second = flat.Gradient(1);
        toy.Quadratic(5, 5).backward();
        Near.Equal([1, 2], first.data<double>().ToArray(), 0);
        Near.Equal([5, 10], second.data<double>().ToArray(), 0);
    }

    [TestMethod]
    public void MoveBack_restores_every_bit()
    {
        using var toy = Toy.At(1.0 / 3, -0.0, 1e-300);
        using var flat = new FlatWeights(toy);
        var before = toy.Values.Select(BitConverter.DoubleToInt64Bits).ToArray();
        using (no_grad())
        {
            flat.MoveTo(flat.Values + 0.1);
            flat.MoveBack();
        }
        CollectionAssert.AreEqual(before, toy.Values.Select(BitConverter.DoubleToInt64Bits).ToArray());
    }

    [TestMethod]
    public void Forward_on_views_is_bit_for_bit_that_of_the_plain_network()
    {
        using var net = new SmallNet(dropoutRate: 0);
        net.eval();
        var before = net.call(net.Inputs).data<float>().ToArray();
        using var flat = new FlatWeights(net);
        CollectionAssert.AreEqual(before, net.call(net.Inputs).data<float>().ToArray());
    }

    [TestMethod]
    public void Dispose_gives_the_parameters_memory_of_their_own()
    {
        using var toy = Toy.At(1, 2);
        var flat = new FlatWeights(toy);
        using (no_grad())
            flat.Values.add_(1);
        flat.Dispose();
        Near.Equal([2, 3], toy.Values, 0);
        Assert.IsNull(toy.parameters().Single().grad);
        Assert.IsTrue(toy.parameters().Single().requires_grad);
    }

    [TestMethod]
    public void Constructor_without_anything_to_train_says_so()
    {
        using var toy = Toy.At(1);
        toy.parameters().Single().requires_grad_(false);
        Assert.Contains("no parameter to train", Refusal(toy));
    }

    [TestMethod]
    public void Constructor_with_mixed_types_names_both_parameters()
    {
        using var net = new Pair(new Parameter(ones(2)), new Parameter(ones(2, dtype: ScalarType.Float64)));
        Assert.Contains("Parameter 'second' is Float64 on cpu, but 'first' is Float32 on cpu.", Refusal(net));
    }

    [TestMethod]
    public void Constructor_with_a_parameter_that_is_not_contiguous_names_it()
    {
        using var net = new Pair(new Parameter(ones(2)), new Parameter(ones(2, 3).t()));
        Assert.Contains("Parameter 'second' is not contiguous.", Refusal(net));
    }

    [TestMethod]
    public void Constructor_with_parameters_that_share_memory_names_them()
    {
        var shared = ones(2);
        using var net = new Pair(new Parameter(shared.alias()), new Parameter(shared.alias()));
        Assert.Contains("Parameters 'first' and 'second' share their memory.", Refusal(net));
    }

    [TestMethod]
    public void MoveTo_a_point_of_another_size_says_so()
    {
        using var toy = Toy.At(1, 2);
        using var flat = new FlatWeights(toy);
        Assert.Contains("must have the 2 elements of the weights, but has the shape [3]", Assert.Throws<InvalidOperationException>(() => flat.MoveTo(ones(3))).Message);
        Near.Equal([1, 2], toy.Values, 0);
    }

    static string Refusal(nn.Module network) => Assert.Throws<ArgumentException>(() => new FlatWeights(network)).Message;

    sealed class Pair : nn.Module
    {
        public Pair(Parameter first, Parameter second)
            : base(nameof(Pair))
        {
            register_parameter("first", first);
            register_parameter("second", second);
        }
    }
}
