using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpAutogradTests
{
    [TestMethod]
    public void Backward_gives_the_derivative()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2, 3 }, requires_grad: true);

        x.pow(3).sum().backward();

        CollectionAssert.AreEqual(new[] { 3.0, 12, 27 }, x.grad!.data<double>().ToArray());
    }

    [TestMethod]
    public void Backward_twice_needs_the_graph_retained()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        var once = x.square().sum();
        once.backward();
        Assert.ThrowsExactly<ExternalException>(() => once.backward());

        var twice = x.square().sum();
        autograd.backward([twice], retain_graph: true);
        twice.backward();

        CollectionAssert.AreEqual(new[] { 6f, 6 }, x.grad!.data<float>().ToArray());
    }

    [TestMethod]
    public void Grad_returns_gradients_without_storing_them()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 2.0 }, requires_grad: true);
        var y = tensor(new[] { 5.0 }, requires_grad: true);

        var gradients = autograd.grad([(x * y).sum()], [x, y]);

        Assert.AreEqual(5.0, gradients[0].item<double>());
        Assert.AreEqual(2.0, gradients[1].item<double>());
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void Grad_of_a_gradient_is_the_second_derivative()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 2.0 }, requires_grad: true);

        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        var second = autograd.grad([first.sum()], [x])[0];

        Assert.AreEqual(12.0, first.item<double>());
        Assert.AreEqual(12.0, second.item<double>());
    }

    [TestMethod]
    public void No_grad_records_nothing_and_gives_the_mode_back()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        using (no_grad())
        {
            Assert.IsFalse(is_grad_enabled());
            Assert.IsFalse((x * 2).requires_grad);
            using (enable_grad()) Assert.IsTrue((x * 2).requires_grad);
            Assert.IsFalse(is_grad_enabled());
        }
        Assert.IsTrue(is_grad_enabled());
        Assert.IsTrue((x * 2).requires_grad);
    }

    [TestMethod]
    public void A_leaf_must_not_be_changed_while_gradients_are_recorded()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();

        var refusal = Assert.ThrowsExactly<ExternalException>(() => x.add_(1));
        StringAssert.Contains(refusal.Message, "a leaf Variable that requires grad");
        using (no_grad()) x.add_(1);
        Assert.AreEqual(4f, x.sum().item<float>());
    }

    [TestMethod]
    public void Detach_shares_the_numbers_but_not_the_history()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();

        var detached = (x * 2).detach();
        Assert.IsFalse(detached.requires_grad);

        x.detach().fill_(7);
        Assert.AreEqual(14f, x.sum().item<float>());
    }
}
