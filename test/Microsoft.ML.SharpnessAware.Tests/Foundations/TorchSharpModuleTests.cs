using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpModuleTests
{
    [TestMethod]
    public void RegisterComponents_names_parameters_after_the_fields()
    {
        using var net = new Net();

        Assert.AreEqual(
            "scale first.weight first.bias norm.weight norm.bias tail.0.weight tail.2.weight tail.2.bias",
            string.Join(' ', net.named_parameters().Select(p => p.name)));
        Assert.AreEqual(
            "norm.running_mean norm.running_var norm.num_batches_tracked",
            string.Join(' ', net.named_buffers().Select(b => b.name)));
        Assert.AreEqual("first norm tail tail.0 tail.1 tail.2", string.Join(' ', net.named_modules().Select(m => m.name)));
        Assert.AreEqual("scale", string.Join(' ', net.named_parameters(recurse: false).Select(p => p.name)));
    }

    [TestMethod]
    public void State_dict_holds_parameters_and_persistent_buffers()
    {
        using var net = new Net();

        CollectionAssert.AreEquivalent(
            net.named_parameters().Select(p => p.name).Concat(net.named_buffers().Select(b => b.name)).ToArray(),
            net.state_dict().Keys);
    }

    [TestMethod]
    public void Load_state_dict_copies_into_the_same_tensors()
    {
        using var from = new Net();
        using var to = new Net();
        var handles = to.parameters().Select(p => p.Handle).ToArray();

        to.load_state_dict(from.state_dict());

        CollectionAssert.AreEqual(handles, to.parameters().Select(p => p.Handle).ToArray());
        foreach (var (a, b) in from.parameters().Zip(to.parameters())) Assert.IsTrue(a.allclose(b, rtol: 0, atol: 0));
    }

    [TestMethod]
    public void Load_state_dict_is_strict_unless_told_otherwise()
    {
        using var net = new Net();
        var state = net.state_dict();
        state.Remove("scale");
        state["other"] = state["first.bias"];

        Assert.ThrowsExactly<InvalidOperationException>(() => net.load_state_dict(state));
        var (missing, unexpected) = net.load_state_dict(state, strict: false);
        CollectionAssert.AreEqual(new[] { "scale" }, missing.ToArray());
        CollectionAssert.AreEqual(new[] { "other" }, unexpected.ToArray());
    }

    [TestMethod]
    public void Non_persistent_buffers_are_not_listed()
    {
        using var net = new Holder();

        Assert.AreEqual("kept", string.Join(' ', net.named_buffers().Select(b => b.name)));
        Assert.AreEqual("kept", string.Join(' ', net.state_dict().Keys));
        Assert.IsNotNull(net.get_buffer("passing"));
    }

    [TestMethod]
    public void Train_and_eval_reach_every_module()
    {
        using var net = new Net();
        var layers = net.modules().Where(m => m is not Sequential).ToArray();
        Assert.IsTrue(net.training);

        net.eval();
        Assert.IsFalse(net.training);
        Assert.IsTrue(layers.All(m => !m.training));

        net.train();
        Assert.IsTrue(net.training);
        Assert.IsTrue(layers.All(m => m.training));
    }

    [TestMethod]
    public void Zero_grad_drops_the_gradients_unless_told_to_clear_them()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 1);
        layer.call(ones(1, 2)).sum().backward();

        layer.zero_grad(set_to_none: false);
        Assert.AreEqual(0f, layer.weight!.grad!.abs().sum().item<float>());

        layer.zero_grad();
        Assert.IsNull(layer.weight.grad);
    }

    [TestMethod]
    public void To_another_type_replaces_parameters_and_floating_buffers()
    {
        using var net = new Net();
        var before = net.scale.Handle;

        net.to(float64);

        Assert.AreNotEqual(before, net.scale.Handle);
        Assert.IsTrue(net.parameters().All(p => p.dtype == ScalarType.Float64 && p.requires_grad && p.is_leaf));
        Assert.AreEqual(ScalarType.Float64, net.get_buffer("norm.running_mean")!.dtype);
        using var output = net.call(ones(2, 4, float64));
        Assert.AreEqual(ScalarType.Float64, output.dtype);
    }

    [TestMethod]
    public void To_the_same_type_and_device_keeps_the_tensors()
    {
        using var net = new Net();
        var before = net.parameters().Select(p => p.Handle).ToArray();

        net.to(float32).to(CPU);

        CollectionAssert.AreEqual(before, net.parameters().Select(p => p.Handle).ToArray());
    }

    [TestMethod]
    public void To_refuses_a_type_that_is_not_floating()
    {
        using var net = new Net();

        Assert.ThrowsExactly<ArgumentException>(() => net.to(int64));
    }

    [TestMethod]
    public void Dispose_frees_the_parameters_of_the_whole_tree()
    {
        var net = new Net();
        var all = net.parameters().Concat(net.buffers()).ToArray();

        net.Dispose();
        net.Dispose();

        Assert.IsTrue(all.All(t => t.IsInvalid));
    }

    [TestMethod]
    public void Layers_keep_their_parameters_out_of_dispose_scopes()
    {
        Linear layer;
        BatchNorm2d norm;
        using (NewDisposeScope())
        {
            layer = nn.Linear(2, 2);
            norm = nn.BatchNorm2d(3);
        }
        Assert.IsFalse(layer.weight!.IsInvalid);
        Assert.IsFalse(norm.running_mean!.IsInvalid);
        layer.Dispose();
        norm.Dispose();
    }

    [TestMethod]
    public void Sequential_disposes_what_one_step_hands_to_the_next()
    {
        using var keep = new Keeper();
        using var chain = nn.Sequential(nn.Flatten(), keep, nn.ReLU());
        using var input = ones(2, 2);

        using var output = chain.call(input);

        Assert.IsTrue(keep.Seen!.IsInvalid);
        Assert.IsFalse(input.IsInvalid);
        Assert.IsFalse(output.IsInvalid);
    }

    [TestMethod]
    public void ModuleList_names_its_modules_by_number()
    {
        using var list = new Listed();

        Assert.AreEqual("layers.0.weight layers.1.weight", string.Join(' ', list.named_parameters().Select(p => p.name)));
    }

    [TestMethod]
    public void Hooks_run_around_forward()
    {
        using var layer = nn.Identity();
        layer.register_forward_pre_hook((_, x) => x + 1);
        layer.register_forward_hook((_, _, y) => y * 10);

        Assert.AreEqual(20f, layer.call(tensor(1f)).item<float>());
        Assert.AreEqual(1f, layer.forward(tensor(1f)).item<float>());
    }

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(4, 3);
        private readonly BatchNorm1d norm = nn.BatchNorm1d(3);
        private readonly Sequential tail = nn.Sequential(nn.Linear(3, 3, false), nn.ReLU(), nn.Linear(3, 2));
        public Parameter scale = new(ones(1));

        public Net() : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input) => tail.call(norm.call(first.call(input))) * scale;
    }

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        public Holder() : base(nameof(Holder))
        {
            register_buffer("kept", ones(1));
            register_buffer("passing", ones(1), persistent: false);
        }

        public override Tensor forward(Tensor input) => input.alias();
    }

    private sealed class Keeper : nn.Module<Tensor, Tensor>
    {
        public Tensor? Seen;

        public Keeper() : base(nameof(Keeper)) { }

        public override Tensor forward(Tensor input)
        {
            Seen = input;
            return input + 1;
        }
    }

    private sealed class Listed : nn.Module<Tensor, Tensor>
    {
        private readonly ModuleList<Linear> layers = nn.ModuleList(nn.Linear(2, 2, false), nn.Linear(2, 2, false));

        public Listed() : base(nameof(Listed)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layers.Aggregate(input, (x, layer) => layer.call(x));
    }
}
