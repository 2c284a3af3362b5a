namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpRandomTests
{
    [TestMethod]
    public void Manual_seed_repeats_the_numbers_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        manual_seed(0);

        Near.Equal([0.4962565899, 0.7682217956, 0.0884774327], [.. rand(3).data<float>().ToArray()], 1e-9);
    }

    [TestMethod]
    public void Rng_state_can_be_taken_and_put_back()
    {
        using var scope = NewDisposeScope();
        var state = get_rng_state();
        var first = randn(20).data<float>().ToArray();

        set_rng_state(state);

        CollectionAssert.AreEqual(first, randn(20).data<float>().ToArray());
    }

    [TestMethod]
    public void A_generator_of_its_own_leaves_the_global_one_alone()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(7);
        using var same = new Generator(7);
        using var other = new Generator(8);
        var global = get_rng_state();

        var numbers = rand(8, generator: one).data<float>().ToArray();

        CollectionAssert.AreEqual(numbers, rand(8, generator: same).data<float>().ToArray());
        CollectionAssert.AreNotEqual(numbers, rand(8, generator: other).data<float>().ToArray());
        CollectionAssert.AreEqual(global.data<byte>().ToArray(), get_rng_state().data<byte>().ToArray());
    }

    [TestMethod]
    public void Draws_take_a_generator()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator();

        T[][] Twice<T>(Func<Tensor> draw) where T : unmanaged => [Draw<T>(draw), Draw<T>(draw)];

        T[] Draw<T>(Func<Tensor> draw) where T : unmanaged
        {
            generator.manual_seed(5);
            return draw().data<T>().ToArray();
        }

        foreach (var pair in new[]
        {
            Twice<float>(() => randn(9, generator: generator)),
            Twice<float>(() => zeros(9).normal_(generator: generator)),
            Twice<float>(() => zeros(9).uniform_(-1, 1, generator)),
            Twice<float>(() => zeros(9).bernoulli_(0.5, generator)),
            Twice<float>(() => full(9, 0.5).bernoulli(generator)),
        }) CollectionAssert.AreEqual(pair[0], pair[1]);
        foreach (var pair in new[]
        {
            Twice<long>(() => randint(0, 100, new long[] { 9 }, generator: generator)),
            Twice<long>(() => randperm(9, generator: generator)),
        }) CollectionAssert.AreEqual(pair[0], pair[1]);
    }

    [TestMethod]
    public void Randperm_is_a_permutation()
    {
        using var scope = NewDisposeScope();

        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 50).Select(i => (long)i).ToArray(), randperm(50).data<long>().ToArray());
    }

    [TestMethod]
    public void Randint_stays_below_its_bound()
    {
        using var scope = NewDisposeScope();
        var numbers = randint(2, 5, new long[] { 500 });

        Assert.AreEqual(ScalarType.Int64, numbers.dtype);
        Assert.AreEqual(2L, numbers.min().item<long>());
        Assert.AreEqual(4L, numbers.max().item<long>());
    }

    [TestMethod]
    public void Kaiming_normal_scales_by_the_fan()
    {
        using var scope = NewDisposeScope();
        var weight = zeros(256, 64, 3, 3);

        nn.init.kaiming_normal_(weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);

        Assert.AreEqual(Math.Sqrt(2.0 / (256 * 9)), weight.std().item<float>(), 3e-4);
        Assert.AreEqual((64L * 9, 256L * 9), nn.init.CalculateFanInAndFanOut(weight));
    }

    [TestMethod]
    public void Initialisation_draws_from_the_default_generator()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var first = nn.init.kaiming_uniform_(zeros(4, 4)).data<float>().ToArray();
        manual_seed(3);

        CollectionAssert.AreEqual(first, nn.init.kaiming_uniform_(zeros(4, 4)).data<float>().ToArray());
    }
}
