namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ToneChangeTests
{
    // Values up to 1 after a few operations in float32.
    const double Float = 1e-6;

    [TestMethod]
    public void Solarize_inverts_from_the_threshold_on()
    {
        using var scope = NewDisposeScope();
        ImageBatch.AreNear([0.1f, 0.5f, 0.25f, 0], ToneChange.Solarize(tensor(new[] { 0.1f, 0.5f, 0.75f, 1 }), threshold: 0.5), Float);
    }

    [TestMethod]
    [DataRow(8, 0xFF)]
    [DataRow(7, 0xFE)]
    [DataRow(4, 0xF0)]
    public void Posterize_clears_the_low_bits(int bits, int mask)
    {
        using var scope = NewDisposeScope();
        var all = arange(256) / 255f;

        var levels = Array.ConvertAll(ToneChange.Posterize(all, bits).Values(), value => (int)MathF.Round(255 * value));

        Assert.AreSequenceEqual(Enumerable.Range(0, 256).Select(level => level & mask), levels);
    }

    [TestMethod]
    public void AutoContrast_stretches_each_channel_of_each_image()
    {
        using var scope = NewDisposeScope();
        var images = tensor([0.2f, 0.3f, 0.4f, 0.5f, 0.5f, 0.5f, 0, 1, 0.25f, 1, 0.25f, 0.5f], [2, 2, 1, 3]);

        ImageBatch.AreNear([0, 0.5f, 1, 0.5f, 0.5f, 0.5f, 0, 1, 0.25f, 1, 0, 1f / 3], ToneChange.AutoContrast(images), Float);
    }

    [TestMethod]
    [DataRow(8, 8)]
    [DataRow(40, 50)]
    [DataRow(100, 30)]
    public void Equalize_maps_tones_as_the_imaging_library_does(int height, int width)
    {
        using var scope = NewDisposeScope();
        // Squared, so that dark tones are more frequent.
        var images = (ImageBatch.Random(3, 3, 2, height, width).square() * 255).floor() / 255;
        var equalized = ToneChange.Equalize(images);

        for (var i = 0; i < 3; i++)
            for (var channel = 0; channel < 2; channel++)
                Assert.AreSequenceEqual(EqualizedByHand(Levels(images[i, channel])), Levels(equalized[i, channel]), $"image {i}, channel {channel}");
    }

    [TestMethod]
    public void Equalize_of_one_tone_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var images = full([1, 1, 20, 20], 0.4f);
        Assert.AreSequenceEqual(images.Values(), ToneChange.Equalize(images).Values());
    }

    static int[] Levels(Tensor values) => Array.ConvertAll(values.Values(), value => (int)MathF.Round(255 * value));

    // Pixel by pixel, as the Python Imaging Library documents it: a histogram, its running sum, in steps of a 255th of all but the brightest.
    static int[] EqualizedByHand(int[] levels)
    {
        var counts = new int[256];
        foreach (var level in levels)
            counts[level]++;
        var step = (levels.Length - counts[levels.Max()]) / 255;
        if (step == 0)
            return levels;
        var map = new int[256];
        var sum = step / 2;
        for (var level = 0; level < 256; level++)
        {
            map[level] = Math.Min(255, sum / step);
            sum += counts[level];
        }
        return Array.ConvertAll(levels, level => map[level]);
    }
}
