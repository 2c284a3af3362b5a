namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class HeInitializationTests
{
    [TestMethod]
    public void Build_draws_convolutions_with_variance_two_over_fan_out()
    {
        using var scope = NewDisposeScope();
        using var generator = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1);
        using var network = new ResNet18(ResNetStem.ImageNet).Build(new ImageShape(3, 64, 64), classes: 10);

        foreach (var (name, kernel) in network.named_parameters().Where(p => p.parameter.dim() == 4))
        {
            var fanOut = kernel.shape[0] * kernel.shape[2] * kernel.shape[3];
            // The smallest of these samples has 8,192 elements, of which a standard deviation is known to 0.8 %: five times that.
            Assert.AreEqual(Math.Sqrt(2.0 / fanOut), kernel.std().ToDouble(), 0.04 * Math.Sqrt(2.0 / fanOut), name);
        }
    }

    [TestMethod]
    public void Build_starts_batch_norms_as_the_identity()
    {
        using var scope = NewDisposeScope();
        using var network = new CifarResNet(8).Build(new ImageShape(3, 32, 32), classes: 10);
        foreach (var (name, parameter) in network.named_parameters().Where(p => p.name.Contains("bn")))
            Assert.IsTrue(parameter.eq(name.EndsWith("weight") ? 1 : 0).all().ToBoolean(), name);
    }

    [TestMethod]
    public void Build_from_the_same_generator_state_gives_the_same_weights()
    {
        using var scope = NewDisposeScope();
        using var generator = Seeds.BorrowGlobalGenerator();
        var first = Weights(seed: 1);

        Assert.AreSequenceEqual(first, Weights(seed: 1));
        Assert.AreNotSequenceEqual(first, Weights(seed: 2));
    }

    static float[] Weights(long seed)
    {
        Seeds.SeedGlobalGenerator(seed);
        using var network = new CifarResNet(8).Build(new ImageShape(1, 28, 28), classes: 10);
        return [.. network.parameters().SelectMany(p => p.detach().data<float>().ToArray())];
    }
}
