namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ZeroPadShortcutTests
{
    [TestMethod]
    [DataRow(4, 6)]
    [DataRow(5, 3)]
    [DataRow(1, 1)]
    public void Forward_keeps_every_second_pixel_and_adds_channels_of_zeros(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var shortcut = ZeroPadShortcut.Of(2, 5);
        var image = arange(1, 1 + 3 * 2 * height * width, dtype: ScalarType.Float32).view(3, 2, height, width);

        var output = shortcut.call(image);

        var (halfHeight, halfWidth) = ((height + 1) / 2, (width + 1) / 2);
        Assert.AreSequenceEqual([3, 5, halfHeight, halfWidth], output.shape);
        var values = output.data<float>().ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var (n, c, y, x) = (i / halfWidth / halfHeight / 5, i / halfWidth / halfHeight % 5, i / halfWidth % halfHeight, i % halfWidth);
            var expected = c < 2 ? 1 + ((n * 2 + c) * height + 2 * y) * width + 2 * x : 0;
            Assert.AreEqual(expected, values[i], $"[{n}, {c}, {y}, {x}]");
        }
    }

    [TestMethod]
    public void Of_has_no_weights()
    {
        using var shortcut = ZeroPadShortcut.Of(16, 32);
        Assert.IsEmpty(shortcut.state_dict());
    }
}
