namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ResamplingTests
{
    // From PyTorch 1.13: interpolate(x, size, mode='bilinear', align_corners=False, antialias=True), x = round(100 sin(1.7 i) + 120).
    [TestMethod]
    [DataRow(5, 7, 3, 4, new[] { 146.2313, 113.4743, 122.5314, 135.5646, 91.7619, 153.1156, 84.6978, 171.8889, 64.2381, 160.9943, 80.6057, 158.7211 })]
    [DataRow(2, 3, 5, 4, new[] { 120.0, 181.875, 172.125, 94.0, 110.7, 175.2625, 172.975, 104.6, 73.5, 148.8125, 176.375, 147.0, 36.3, 122.3625, 179.775, 189.4, 27.0, 115.75, 180.625, 200.0 })]
    [DataRow(9, 2, 2, 3, new[] { 118.9718, 123.162, 127.3521, 126.169, 120.5423, 114.9155 })]
    [DataRow(6, 6, 3, 3, new[] { 121.0816, 118.6964, 122.5714, 122.3036, 118.5312, 122.5536, 124.1429, 117.8036, 122.9796 })]
    public void OfLine_and_OfColumns_scale_as_PyTorch_does(int fromHeight, int fromWidth, int height, int width, double[] expected)
    {
        var image = Enumerable.Range(0, fromHeight * fromWidth).Select(i => (float)Math.Round(100 * Math.Sin(1.7 * i) + 120)).ToArray();
        Assert.AreSequenceEqual(expected.Select(value => (byte)(value + 0.5)), Scaled(image, fromHeight, fromWidth, height, width));
    }

    [TestMethod]
    public void OfLine_to_the_same_size_changes_nothing()
    {
        float[] line = [0, 255, 3, 250, 17];
        var result = new float[5];
        new Resampling(5, 5).OfLine(line, result);
        Assert.AreSequenceEqual(line, result);
    }

    [TestMethod]
    [DataRow(1, 9)]
    [DataRow(9, 1)]
    [DataRow(1000, 3)]
    [DataRow(7, 8)]
    public void OfLine_of_one_brightness_stays_that_bright(int from, int to)
    {
        var result = new float[to];
        new Resampling(from, to).OfLine(Enumerable.Repeat(255f, from).ToArray(), result);
        foreach (var value in result)
            Assert.AreEqual(255, value, 1e-3);
    }

    static byte[] Scaled(float[] image, int fromHeight, int fromWidth, int height, int width)
    {
        var across = new Resampling(fromWidth, width);
        var result = new byte[height * width];
        new Resampling(fromHeight, height).OfColumns((y, line) => across.OfLine(image.AsSpan(y * fromWidth, fromWidth), line), result);
        return result;
    }
}
