using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ChannelStatisticsTests
{
    [TestMethod]
    public void Normalization_of_bytes_is_that_computed_by_hand()
    {
        var statistics = new ChannelStatistics(new ImageShape(3, 1, 2), ScalarType.Byte);
        statistics.Add([0, 255, 51, 51, 10, 20]);
        statistics.Add([0, 255, 153, 153, 30, 40]);

        var normalization = statistics.Normalization();

        // Channels: 0 1 0 1; 0.2 0.2 0.6 0.6; 10 20 30 40 of 255, of which the variance is 125.
        Near.Equal([0.5, 0.4, 25 / 255.0], Doubles(normalization.Mean), 1e-7);
        Near.Equal([0.5, 0.2, Math.Sqrt(125) / 255], Doubles(normalization.Std), 1e-7);
    }

    [TestMethod]
    public void Normalization_of_floats_keeps_small_deviations_of_large_means()
    {
        var statistics = new ChannelStatistics(new ImageShape(1, 1, 4), ScalarType.Float32);
        statistics.Add(MemoryMarshal.AsBytes<float>([9999, 10001, 9999, 10001]));

        Assert.AreEqual(new Normalization([10000], [1]), statistics.Normalization());
    }

    [TestMethod]
    public void Normalization_of_a_constant_channel_only_shifts()
    {
        var statistics = new ChannelStatistics(new ImageShape(1, 1, 3), ScalarType.Byte);
        statistics.Add([77, 77, 77]);

        Assert.AreEqual(new Normalization([77 / 255f], [1]), statistics.Normalization());
    }

    static double[] Doubles(IReadOnlyList<float> values) => [.. values.Select(value => (double)value)];
}
