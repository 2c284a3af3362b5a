using System.Reflection;
using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What the training leans on in TorchSharp and could change with a version of it.</summary>
[TestClass]
public class TorchSharpContractTests
{
    [TestMethod]
    public void Set_makes_a_parameter_a_view_of_a_buffer_and_leaves_it_a_leaf()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 2);
        var flat = arange(6, float32);
        using (no_grad())
            layer.weight!.set_(flat.narrow(0, 2, 4).view(2, 2));

        layer.to(CPU).to(float32).train();
        flat.add_(1);

        CollectionAssert.AreEqual(new[] { 3f, 4, 5, 6 }, layer.weight!.data<float>().ToArray());
        Assert.IsTrue(layer.weight is { is_leaf: true, requires_grad: true });
    }

    [TestMethod]
    public void Parameter_made_of_a_view_shares_its_memory()
    {
        using var scope = NewDisposeScope();
        var flat = zeros(4);
        using var noGrad = no_grad();
        new Parameter(flat.narrow(0, 1, 2)).add_(3);
        CollectionAssert.AreEqual(new[] { 0f, 3, 3, 0 }, flat.data<float>().ToArray());
    }

    [TestMethod]
    public void Backward_adds_to_the_view_that_is_the_gradient()
    {
        using var scope = NewDisposeScope();
        var flat = zeros(4);
        var parameter = new Parameter(arange(2, float32));
        parameter.grad = flat.narrow(0, 1, 2);

        for (var pass = 0; pass < 2; pass++)
            parameter.square().sum().backward();

        CollectionAssert.AreEqual(new[] { 0f, 0, 4, 0 }, flat.data<float>().ToArray());
        flat.zero_();
        Assert.AreEqual(0f, parameter.grad!.sum().item<float>(), "the same memory still");
        parameter.grad = null;
        Assert.IsNull(parameter.grad);
    }

    [TestMethod]
    public void Batch_norm_moves_its_buffers_by_its_momentum_and_counts()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm1d(1, momentum: 0.25, dtype: float64);
        var batch = tensor(new double[] { 1, 2, 3, 6 }).view(4, 1);

        norm.call(batch);

        CollectionAssert.AreEqual(new[] { "running_mean", "running_var", "num_batches_tracked" }, norm.named_buffers().Select(buffer => buffer.name).ToArray());
        Assert.AreEqual(0.25 * 3, norm.running_mean!.item<double>(), 1e-15);
        Assert.AreEqual(0.75 * 1 + 0.25 * 14 / 3, norm.running_var!.item<double>(), 1e-14, "the unbiased variance");
        Assert.AreEqual(1L, norm.num_batches_tracked!.ToInt64());
        norm.eval();
        norm.call(batch);
        Assert.AreEqual(0.25 * 3, norm.running_mean!.item<double>(), 1e-15, "scoring leaves them alone");
    }

    [TestMethod]
    public void Dropout_draws_the_same_mask_from_the_same_state_of_the_global_generator()
    {
        using var scope = NewDisposeScope();
        using var borrowed = Seeds.BorrowGlobalGenerator();
        using var layer = nn.Dropout(0.5);
        var input = ones(64);
        float[] Masked() => layer.call(input).data<float>().ToArray();

        Seeds.SeedGlobalGenerator(3);
        var state = get_rng_state();
        var (first, second) = (Masked(), Masked());
        set_rng_state(state);
        var replayed = Masked();
        Seeds.SeedGlobalGenerator(3);

        CollectionAssert.AreEqual(first, replayed);
        CollectionAssert.AreEqual(first, Masked(), "seeded again");
        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreEquivalent(new[] { 0f, 2 }, first.Distinct().ToArray());
    }

    [TestMethod]
    public void Generator_of_its_own_leaves_the_global_one_alone()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(7);
        using var same = new Generator(7);
        var global = get_rng_state();

        CollectionAssert.AreEqual(randn(8, generator: one).data<float>().ToArray(), randn(8, generator: same).data<float>().ToArray());
        CollectionAssert.AreEqual(global.data<byte>().ToArray(), get_rng_state().data<byte>().ToArray());
    }

    [TestMethod]
    public void Scopes_dispose_what_was_made_in_them_but_not_what_was_moved_or_detached()
    {
        Tensor inside, moved, kept;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
                (inside, moved, kept) = (ones(1), ones(2).MoveToOuterDisposeScope(), ones(3).DetachFromDisposeScope());
            CollectionAssert.AreEqual(new[] { true, false, false }, Invalid());
        }
        CollectionAssert.AreEqual(new[] { true, true, false }, Invalid());
        kept.Dispose();

        bool[] Invalid() => [inside.IsInvalid, moved.IsInvalid, kept.IsInvalid];
    }

    [TestMethod]
    public void Scopes_belong_to_their_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = ones(3));
        thread.Start();
        thread.Join();

        Assert.AreEqual(0, scope.DisposablesCount);
        other!.Dispose();
    }

    // OptimizedSlice saves and loads these by reflection, and the names are in checkpoints.
    [TestMethod]
    public void State_of_the_optimizers_lies_in_public_fields_of_these_names()
    {
        using var scope = NewDisposeScope();
        using var sgd = optim.SGD([new Parameter(ones(1))], 0.1, momentum: 0.9);
        using var adam = optim.AdamW([new Parameter(ones(1))], 0.1);

        Assert.AreEqual("momentum_buffer: Tensor", Fields(sgd));
        Assert.AreEqual("exp_avg: Tensor, exp_avg_sq: Tensor, max_exp_avg_sq: Tensor, step: Int64", Fields(adam));

        static string Fields(OptimizerHelper optimizer) => string.Join(", ", optimizer.state_dict().State.Single().GetType()
            .GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => $"{field.Name}: {field.FieldType.Name}").Order(StringComparer.Ordinal));
    }
}
