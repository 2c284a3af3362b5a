using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ChannelStatisticsTests
{
    [TestMethod]
    public void Normalization_of_bytes_is_that_computed_by_hand()
    {
        var normalization = Statistics(new ImageShape(3, 1, 2), ScalarType.Byte, [0, 255, 51, 51, 10, 20], [0, 255, 153, 153, 30, 40]);

        // Channels: 0 1 0 1; 0.2 0.2 0.6 0.6; 10 20 30 40 of 255, of which the variance is 125.
        Near.Equal([0.5, 0.4, 25 / 255.0], Doubles(normalization.Mean), 1e-7);
        Near.Equal([0.5, 0.2, Math.Sqrt(125) / 255], Doubles(normalization.Std), 1e-7);
    }

    [TestMethod]
    public void Normalization_of_floats_keeps_small_deviations_of_large_means()
    {
        var image = MemoryMarshal.AsBytes<float>([9999, 10001, 9999, 10001]).ToArray();

        Assert.AreEqual(new Normalization([10000], [1]), Statistics(new ImageShape(1, 1, 4), ScalarType.Float32, image));
    }

    [TestMethod]
    public void Normalization_of_a_constant_channel_only_shifts()
    {
        Assert.AreEqual(new Normalization([77 / 255f], [1]), Statistics(new ImageShape(1, 1, 3), ScalarType.Byte, [77, 77, 77]));
    }

    static Normalization Statistics(ImageShape shape, ScalarType element, params byte[][] images)
    {
        var statistics = new ChannelStatistics(shape);
        foreach (var image in images)
            statistics.Add(ChannelSums.Of(image, shape, element));
        return statistics.Normalization();
    }

    static double[] Doubles(IReadOnlyList<float> values) => [.. values.Select(value => (double)value)];
}
