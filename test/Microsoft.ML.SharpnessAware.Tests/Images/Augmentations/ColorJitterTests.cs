namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ColorJitterTests
{
    static readonly ColorJitter Nothing = new(Brightness: 0, Contrast: 0, Saturation: 0, Hue: 0);

    [TestMethod]
    public void Apply_of_nothing_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Random(1, 4, 3, 5, 5);
        Assert.AreSequenceEqual(images.Values(), Apply(Nothing, images, seed: 1).Values());
    }

    [TestMethod]
    public void Apply_draws_a_factor_for_each_image_evenly_about_one()
    {
        using var scope = NewDisposeScope();
        var factors = (Apply(Nothing with { Brightness = 0.4 }, full([10_000, 3, 1, 1], 0.5f), seed: 1).select(1, 2) / 0.5).Values();

        Assert.IsTrue(factors.All(factor => factor is >= 0.6f - 1e-6f and <= 1.4f + 1e-6f));
        // 4 standard errors of the mean, and of the variance, of 10,000 numbers evenly between 0.6 and 1.4.
        Assert.AreEqual(1, factors.Average(), 4 * 0.8 / Math.Sqrt(12) / 100);
        Assert.AreEqual(0.64 / 12, factors.Average(factor => (factor - 1) * (factor - 1)), 4 * 0.0533 * Math.Sqrt(0.8) / 100);
    }

    [TestMethod]
    public void Apply_never_takes_a_factor_below_zero()
    {
        using var scope = NewDisposeScope();
        // Luma goes on being that of the image, so that a factor below 0 of the saturation would swap red and blue.
        var red = Apply(Nothing with { Saturation = 5 }, full([1000, 3, 1, 1], 0.5f) + tensor(new[] { 0.1f, 0, 0 }, [1, 3, 1, 1]), seed: 1);
        Assert.IsTrue(red.select(1, 0).ge(red.select(1, 2)).all().ToBoolean());
    }

    [TestMethod]
    public void Apply_changes_contrast_saturation_and_hue_where_told()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Random(1, 6, 3, 4, 4);
        foreach (var jitter in new[] { Nothing with { Contrast = 0.5 }, Nothing with { Saturation = 0.5 }, Nothing with { Hue = 0.2 } })
        {
            Assert.AreNotSequenceEqual(images.Values(), Apply(jitter, images, seed: 1).Values(), jitter.ToString());
            Assert.AreSequenceEqual(Apply(jitter, images, seed: 1).Values(), Apply(jitter, images, seed: 1).Values(), jitter.ToString());
            Assert.AreNotSequenceEqual(Apply(jitter, images, seed: 2).Values(), Apply(jitter, images, seed: 1).Values(), jitter.ToString());
        }
    }

    static Tensor Apply(ColorJitter jitter, Tensor images, long seed)
    {
        using var random = new Generator((ulong)seed);
        return jitter.Apply(images, new BatchRandom(random, images.shape[0]));
    }
}
