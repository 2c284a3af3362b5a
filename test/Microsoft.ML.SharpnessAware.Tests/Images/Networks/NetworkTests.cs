namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class NetworkTests
{
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 32)]
    [DataRow(32, 3)]
    public void Build_for_images_below_the_minimum_is_refused(int height, int width)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new CifarResNet().Build(new ImageShape(1, height, width), classes: 2));
        Assert.AreEqual($"CifarResNet {{ Depth = 20 }} needs images of at least 4×4 pixels, but these are {width}×{height}. Set ImageShape to have them scaled up, or choose a network for smaller images.", error.Message);
    }

    [TestMethod]
    public void Build_for_one_class_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CifarResNet().Build(new ImageShape(1, 32, 32), classes: 1));
        Assert.StartsWith("classes must be 2 or more, but was 1.", error.Message);
    }

    [TestMethod]
    public void Build_of_a_users_own_network_checks_for_it()
    {
        using var module = new OneLayer().Build(new ImageShape(1, 2, 3), classes: 4);
        Assert.AreEqual(4 * 6 + 4, module.parameters().Sum(p => p.NumberOfElements));
        Assert.ThrowsExactly<InvalidOperationException>(() => new OneLayer().Build(new ImageShape(1, 1, 3), classes: 4));
    }

    [TestMethod]
    public void Dispose_frees_every_tensor_of_the_state()
    {
        var network = new CifarResNet(14).Build(new ImageShape(3, 32, 32), classes: 10);
        var state = network.state_dict().Values.ToArray();
        Assert.IsTrue(state.All(tensor => !tensor.IsInvalid));

        network.Dispose();

        Assert.IsTrue(state.All(tensor => tensor.IsInvalid));
    }

    [TestMethod]
    public void Forward_leaves_nothing_but_the_logits()
    {
        using var network = new CifarResNet(14).Build(new ImageShape(3, 32, 32), classes: 10);
        using var images = zeros(2, 3, 16, 16);
        var before = LiveTensors.Before();
        using var scope = NewDisposeScope();
        using var logits = network.call(images);
        Assert.AreEqual(before + 1, Tensor.TotalCount);
    }

    sealed record OneLayer : ImageNetwork
    {
        public override int DefaultSize => 8;

        public override int MinimumSize => 2;

        protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) =>
            nn.Sequential(nn.Flatten(), nn.Linear(input.Channels * input.Height * input.Width, classes));
    }
}
