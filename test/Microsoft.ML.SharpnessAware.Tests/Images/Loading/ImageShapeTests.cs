namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ImageShapeTests
{
    [TestMethod]
    [DataRow(4, 32, 32, "Channels must be 1 (grey) or 3 (red, green, blue), but was 4.")]
    [DataRow(3, 0, 32, "Height must be 1 or more, but was 0.")]
    [DataRow(1, 32, -1, "Width must be 1 or more, but was -1.")]
    public void Constructor_refuses_by_name(int channels, int height, int width, string message)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ImageShape(channels, height, width));
        Assert.StartsWith(message, error.Message);
    }

    [TestMethod]
    public void Count_is_the_number_of_values() => Assert.AreEqual(3 * 5 * 7, new ImageShape(3, 5, 7).Count);
}
