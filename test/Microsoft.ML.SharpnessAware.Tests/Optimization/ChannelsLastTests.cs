using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ChannelsLastTests
{
    [TestMethod]
    public void Arrange_changes_the_strides_of_filters_and_no_number()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("two", nn.Conv2d(3, 5, 2)), ("one", nn.Conv1d(3, 5, 2)), ("fc", nn.Linear(3, 5)));
        var before = network.state_dict().ToDictionary(own => own.Key, own => own.Value.data<float>().ToArray());

        ChannelsLast.Arrange(network);

        var parameters = network.named_parameters().ToDictionary(own => own.name, own => own.parameter);
        Assert.AreSequenceEqual([12, 1, 6, 3], parameters["two.weight"].stride());
        Assert.AreSequenceEqual([6, 1, 3], parameters["one.weight"].stride());
        Assert.AreSequenceEqual([3, 1], parameters["fc.weight"].stride());
        foreach (var (name, values) in before)
            Assert.AreSequenceEqual(values, parameters[name].contiguous().data<float>().ToArray(), name);
        Assert.IsTrue(parameters.Values.All(own => own.requires_grad && own.is_leaf));
    }

    [TestMethod]
    public void Images_keep_their_shape_and_are_copied_once()
    {
        using var scope = NewDisposeScope();
        var images = arange(24, dtype: ScalarType.Float32).view(1, 2, 3, 4);

        var arranged = ChannelsLast.Of(images);

        Assert.AreSequenceEqual([1, 2, 3, 4], arranged.shape);
        Assert.AreSequenceEqual([24, 1, 8, 2], arranged.stride());
        Assert.IsTrue(arranged.eq(images).all().ToBoolean());
        arranged[0, 0, 0, 0] = 7;
        Assert.AreEqual(7, ChannelsLast.Of(arranged)[0, 0, 0, 0].ToSingle(), "of those that are arranged, a copy is made");
    }

    [TestMethod]
    public void Convolutions_and_what_follows_them_stay_in_the_layout()
    {
        using var scope = NewDisposeScope();
        using var network = new CifarResNet(8).Build(new ImageShape(3, 8, 8), classes: 2);
        ChannelsLast.Arrange(network);
        var stage = network.named_children().Single(child => child.name == "layer3").module;
        var strides = Array.Empty<long>();
        ((nn.Module<Tensor, Tensor>)stage).register_forward_hook((_, _, output) =>
        {
            strides = output.stride();
            return output;
        });

        network.call(rand(2, 3, 8, 8));

        Assert.AreSequenceEqual([256, 1, 128, 64], strides);
    }

    [TestMethod]
    public void Filters_over_words_compute_in_the_layout()
    {
        using var scope = NewDisposeScope();
        using var filters = nn.Conv1d(6, 10, 3);
        ChannelsLast.Arrange(filters);

        var answers = filters.call(rand(2, 6, 9));

        Assert.AreEqual(1, answers.stride(1));
    }

    [TestMethod]
    public void Of_a_block_gives_the_parameter_wherever_its_numbers_lie()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("words", nn.Conv1d(2, 3, 2)), ("fc", nn.Linear(2, 2)));
        var before = network.state_dict().ToDictionary(own => own.Key, own => own.Value.clone());
        using var flat = new FlatWeights(network);

        foreach (var block in flat.Blocks)
            Assert.IsTrue(block.Of(flat.Values).eq(before[block.Name]).all().ToBoolean(), block.Name);
        var conv = before["conv.weight"];
        Near.Equal([conv[0, 0, 0, 0].ToDouble(), conv[0, 1, 0, 0].ToDouble(), conv[0, 2, 0, 0].ToDouble(), conv[0, 0, 0, 1].ToDouble()],
            flat.Values.narrow(0, 0, 4).to(ScalarType.Float64).data<double>().ToArray(), 0);
    }

    [TestMethod]
    public void Asam_scales_each_filter_by_its_own_norm()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("weight", nn.Conv2d(2, 2, 2, bias: false)));
        network.to(ScalarType.Float64);
        var w = network.parameters().Single();
        using (no_grad())
            w.copy_(arange(1, 17, dtype: ScalarType.Float64).view(2, 2, 2, 2));
        var target = arange(16, dtype: ScalarType.Float64).view(2, 2, 2, 2).square();
        var rule = new Capture(new Asam(Rho: 0.1, Eta: 0) { Operator = AsamOperator.Filter });
        using var step = new SamTrainStep(network, rule, new Sgd(0.1));

        step.Run(() => (w * target).sum(), learningRate: 1, seed: 1);

        // g is the target; T is ‖filter‖ on each element of a filter; in the order of the memory, channels last.
        var norms = arange(1, 17, dtype: ScalarType.Float64).view(2, 8).norm(dim: 1).view(2, 1, 1, 1);
        var expected = 0.1 * norms.square() * target / (norms * target).norm();
        Near.Equal(ChannelsLast.InMemoryOrder(expected).flatten().data<double>().ToArray(), rule.Epsilons.Single(), 1e-15);
    }

    [TestMethod]
    public void Saved_filters_have_the_default_layout_and_are_read_into_either()
    {
        using var scope = NewDisposeScope();
        using var plain = nn.Conv2d(3, 2, 2);
        using var arranged = nn.Conv2d(3, 2, 2);
        ChannelsLast.Arrange(arranged);
        var (file, again) = (new MemoryStream(), new MemoryStream());
        SafeTensors.Write(file, plain.state_dict());

        file.Position = 0;
        SafeTensors.ReadInto(file, arranged.state_dict());
        SafeTensors.Write(again, arranged.state_dict());

        Assert.AreSequenceEqual(file.ToArray(), again.ToArray());
    }
}
