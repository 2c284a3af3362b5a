using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>AdamW in one pass over the memory, beside TorchSharp's own.</summary>
[TestClass]
public class CpuAdamWTests
{
    static readonly AdamW _settings = new(LearningRate: 0.01, Beta1: 0.8, Beta2: 0.95, Epsilon: 1e-3, WeightDecay: 0.1);

    [TestMethod]
    [DataRow(ScalarType.Float64, 1, 1e-14)]
    [DataRow(ScalarType.Float64, 4096, 1e-14)]
    [DataRow(ScalarType.Float64, 150_001, 1e-14)]
    [DataRow(ScalarType.Float32, 150_001, 1e-6)] // both round in another order
    public void Steps_are_those_of_TorchSharp(ScalarType type, int size, double precision)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var random = new Generator(1);
        var start = randn(size, dtype: type, generator: random);
        var expected = new Parameter(start.clone());
        var reference = _settings.Create(expected);
        var (w, m, v) = (start.clone(), zeros_like(start), zeros_like(start));

        for (var step = 1; step <= 5; step++)
        {
            var direction = randn(size, dtype: type, generator: random);
            expected.grad = direction;
            foreach (var group in reference.ParamGroups)
                group.LearningRate = 0.01 * step;
            reference.step();
            CpuAdamW.Step(_settings, 0.01 * step, step, w, direction, m, v);
        }

        Near.Equal(Near.Numbers(expected), Near.Numbers(w), precision);
    }

    [TestMethod]
    public void Bits_depend_neither_on_threads_nor_on_where_the_weights_lie()
    {
        const int Size = 150_001;
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        var (weights, direction) = (randn(Size, generator: random), randn(Size, generator: random));
        var threads = get_num_threads();
        try
        {
            CollectionAssert.AreEqual(After(threads: 1, offset: 0), After(threads: 3, offset: 5));
        }
        finally
        {
            set_num_threads(threads);
        }

        float[] After(int threads, int offset)
        {
            set_num_threads(threads);
            var w = zeros(Size + offset).narrow(0, offset, Size);
            w.copy_(weights);
            var (m, v) = (zeros(Size), zeros(Size));
            for (var step = 1; step <= 2; step++)
                CpuAdamW.Step(_settings, 0.01, step, w, direction, m, v);
            return w.data<float>().ToArray();
        }
    }

    [TestMethod]
    public void Step_waits_for_no_thread_of_a_busy_pool() => BusyPool.While(() =>
    {
        using var scope = NewDisposeScope();
        var (w, m, v) = (ones(150_001), zeros(150_001), zeros(150_001));

        CpuAdamW.Step(_settings, 0.01, 1, w, ones(150_001), m, v);

        Assert.AreNotEqual(1, w[150_000].ToSingle());
    });

    [TestMethod]
    public void What_is_not_finite_stays_so()
    {
        using var scope = NewDisposeScope();
        var (w, m, v) = (ones(3), zeros(3), zeros(3));

        CpuAdamW.Step(_settings, 0.01, 1, w, tensor(new[] { 1f, float.NaN, float.PositiveInfinity }), m, v);

        Assert.IsTrue(w[0].isfinite().ToBoolean());
        Assert.IsTrue(w[1].isnan().ToBoolean() && w[2].isnan().ToBoolean());
    }

    [TestMethod]
    public void Optimizer_over_parameters_in_groups_is_TorchSharps()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var toy = Toy.At(1, -2, 3);
        using var weights = new FlatWeights(toy);
        using var flat = new FlatOptimizer(weights, [_settings]);
        var expected = new Parameter(weights.Values.clone());
        var reference = _settings.Create(expected);

        for (var step = 1; step <= 3; step++)
        {
            var direction = tensor(new[] { 1.0, step, -1.0 });
            flat.Step(direction, 1);
            expected.grad = direction;
            reference.step();
        }

        Near.Equal(Near.Numbers(expected), toy.Values, 1e-15);
        Assert.AreEqual(3, flat.Kept()["0.step"].ToInt64());
    }
}
