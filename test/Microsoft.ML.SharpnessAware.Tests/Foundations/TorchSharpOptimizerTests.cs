using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpOptimizerTests
{
    private static readonly double[] Start = [1, -2];
    private static readonly double[] Gradient = [0.5, 3];

    [TestMethod]
    [DataRow(0.0, 0.0, false)]
    [DataRow(0.9, 0.0, false)]
    [DataRow(0.9, 0.01, false)]
    [DataRow(0.9, 0.01, true)]
    public void SGD_follows_its_definition(double momentum, double decay, bool nesterov)
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor(Start));
        using var optimizer = optim.SGD([weights], 0.1, momentum: momentum, weight_decay: decay, nesterov: nesterov);

        var w = (double[])Start.Clone();
        var velocity = new double[2];
        for (var step = 0; step < 3; step++)
        {
            weights.grad = tensor(Gradient);
            optimizer.step();
            for (var i = 0; i < 2; i++)
            {
                var g = Gradient[i] + decay * w[i];
                velocity[i] = step == 0 ? g : momentum * velocity[i] + g;
                w[i] -= 0.1 * (momentum == 0 ? g : nesterov ? g + momentum * velocity[i] : velocity[i]);
            }
        }
        Near.Equal(w, weights.data<double>().ToArray(), 1e-14);
    }

    [TestMethod]
    public void AdamW_follows_its_definition()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor(Start));
        using var optimizer = optim.AdamW([weights], 0.01, beta1: 0.8, beta2: 0.95, eps: 1e-6, weight_decay: 0.1);

        var w = (double[])Start.Clone();
        double[] first = [0, 0], second = [0, 0];
        for (var step = 1; step <= 3; step++)
        {
            weights.grad = tensor(Gradient);
            optimizer.step();
            for (var i = 0; i < 2; i++)
            {
                first[i] = 0.8 * first[i] + 0.2 * Gradient[i];
                second[i] = 0.95 * second[i] + 0.05 * Gradient[i] * Gradient[i];
                var root = Math.Sqrt(second[i] / (1 - Math.Pow(0.95, step)));
                w[i] = w[i] * (1 - 0.01 * 0.1) - 0.01 * first[i] / (1 - Math.Pow(0.8, step)) / (root + 1e-6);
            }
        }
        Near.Equal(w, weights.data<double>().ToArray(), 1e-14);
    }

    [TestMethod]
    public void Step_takes_the_learning_rate_that_its_group_has_now()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor(Start));
        using var optimizer = optim.SGD([weights], 0.1);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = 1;
        weights.grad = tensor(Gradient);

        optimizer.step();

        Near.Equal([0.5, -5], weights.data<double>().ToArray(), 0);
    }

    [TestMethod]
    public void Step_passes_over_a_parameter_without_a_gradient()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor(Start));
        using var optimizer = optim.SGD([weights], 0.1, momentum: 0.9);

        optimizer.step();

        Near.Equal(Start, weights.data<double>().ToArray(), 0);
    }

    [TestMethod]
    public void Step_leaves_no_tensor_but_its_state()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor(Start));
        weights.grad = tensor(Gradient);
        using var optimizer = optim.SGD([weights], 0.1, momentum: 0.9, weight_decay: 0.1, nesterov: true);
        optimizer.step();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        optimizer.step();

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Zero_grad_clears_gradients_in_place()
    {
        using var scope = NewDisposeScope();
        var gradient = tensor(Gradient);
        var weights = new Parameter(tensor(Start)) { grad = gradient };
        using var optimizer = optim.SGD([weights], 0.1);

        optimizer.zero_grad();

        Assert.AreEqual(0.0, gradient.abs().sum().item<double>());
    }

    [TestMethod]
    public void Step_works_on_a_view_of_a_larger_buffer()
    {
        using var scope = NewDisposeScope();
        var flat = tensor([9.0, 1, -2, 9]);
        var weights = new Parameter(zeros(2, float64));
        using (no_grad()) weights.set_(flat.narrow(0, 1, 2));
        weights.grad = tensor(Gradient);
        using var optimizer = optim.SGD([weights], 1);

        optimizer.step();

        Near.Equal([9, 0.5, -5, 9], flat.data<double>().ToArray(), 0);
    }

    [TestMethod]
    public void Load_state_dict_carries_the_momentum_over()
    {
        using var scope = NewDisposeScope();
        Parameter a = new(tensor(Start)), b = new(tensor(Start));
        using var one = optim.SGD([a], 0.1, momentum: 0.9);
        using var two = optim.SGD([b], 0.5, momentum: 0.1);
        a.grad = tensor(Gradient);
        b.grad = tensor(Gradient);
        one.step();
        two.step();
        two.load_state_dict(one.state_dict());
        using (no_grad()) b.copy_(a);

        one.step();
        two.step();

        CollectionAssert.AreEqual(a.data<double>().ToArray(), b.data<double>().ToArray());
    }

    [TestMethod]
    public void Clip_grad_norm_scales_all_gradients_together()
    {
        using var scope = NewDisposeScope();
        Parameter a = new(zeros(1)) { grad = tensor([3f]) }, b = new(zeros(1)) { grad = tensor([4f]) };

        var norm = nn.utils.clip_grad_norm_([a, b], 1);

        Assert.AreEqual(5.0, norm, 1e-6);
        Assert.AreEqual(0.6f, a.grad!.item<float>(), 1e-5f);
        Assert.AreEqual(0.8f, b.grad!.item<float>(), 1e-5f);
    }

    [TestMethod]
    [DataRow(-1.0, 0.0, false)]
    [DataRow(0.1, -1.0, false)]
    [DataRow(0.1, 0.0, true)]
    public void SGD_refuses_settings_that_make_no_sense(double rate, double momentum, bool nesterov)
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor(Start));

        Assert.ThrowsExactly<ArgumentException>(() => optim.SGD([weights], rate, momentum: momentum, nesterov: nesterov));
    }
}
