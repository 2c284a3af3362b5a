using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpParameterTests
{
    [TestMethod]
    public void Parameter_takes_over_the_tensors_handle()
    {
        var data = ones(3);
        using var parameter = new Parameter(data);

        Assert.IsTrue(data.IsInvalid);
        Assert.IsTrue(parameter.requires_grad);
        Assert.IsTrue(parameter.is_leaf);
        Assert.AreEqual(3f, parameter.sum().item<float>());
    }

    [TestMethod]
    public void Parameter_takes_over_the_tensors_scope()
    {
        Parameter inside, kept;
        using (NewDisposeScope())
        {
            inside = new Parameter(ones(3));
            kept = new Parameter(ones(3));
            kept.DetachFromDisposeScope();
        }
        Assert.IsTrue(inside.IsInvalid);
        Assert.IsFalse(kept.IsInvalid);
        kept.Dispose();
    }

    [TestMethod]
    public void Set_makes_a_parameter_a_view_of_one_buffer()
    {
        using var scope = NewDisposeScope();
        var flat = arange(6, float32);
        var parameter = new Parameter(zeros(2, 2));
        using (no_grad()) parameter.set_(flat.narrow(0, 2, 4).view(2, 2));

        flat.add_(1);

        CollectionAssert.AreEqual(new[] { 3f, 4, 5, 6 }, parameter.data<float>().ToArray());
        Assert.IsTrue(parameter.is_leaf);
        Assert.IsTrue(parameter.requires_grad);
    }

    [TestMethod]
    public void Set_while_gradients_are_recorded_is_refused()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(zeros(3));
        var source = ones(3);

        Assert.ThrowsExactly<System.Runtime.InteropServices.ExternalException>(() => parameter.set_(source));
    }

    [TestMethod]
    public void Backward_accumulates_into_a_given_gradient_view()
    {
        using var scope = NewDisposeScope();
        var flat = zeros(4);
        var parameter = new Parameter(arange(2, float32));
        parameter.grad = flat.narrow(0, 1, 2);

        for (var pass = 0; pass < 2; pass++) parameter.square().sum().backward();

        CollectionAssert.AreEqual(new[] { 0f, 0, 4, 0 }, flat.data<float>().ToArray());
    }

    [TestMethod]
    public void Grad_is_another_wrapper_of_the_same_tensor_at_every_reading()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(2));
        Assert.IsNull(parameter.grad);
        parameter.sum().backward();

        var first = parameter.grad!;
        var second = parameter.grad!;

        Assert.AreNotSame(first, second);
        first.fill_(5);
        Assert.AreEqual(10f, second.sum().item<float>());
        parameter.grad = null;
        Assert.IsNull(parameter.grad);
    }

    [TestMethod]
    public void Zero_clears_in_place_and_hands_back_another_wrapper()
    {
        using var scope = NewDisposeScope();
        var flat = ones(4);
        var middle = flat.narrow(0, 1, 2);

        var result = middle.zero_();

        Assert.AreNotSame(middle, result);
        CollectionAssert.AreEqual(new[] { 1f, 0, 0, 1 }, flat.data<float>().ToArray());
    }

    [TestMethod]
    public void In_place_operations_hand_back_the_tensor_itself()
    {
        using var scope = NewDisposeScope();
        var tensor = ones(4);

        Assert.AreSame(tensor, tensor.add_(1));
        Assert.AreSame(tensor, tensor.mul_(2));
        Assert.AreSame(tensor, tensor.copy_(zeros(4)));
        Assert.AreSame(tensor, tensor.fill_(3));
        Assert.AreSame(tensor, tensor.requires_grad_(false));
    }
}
