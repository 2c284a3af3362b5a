using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class PixelReaderTests
{
    [TestMethod]
    [DataRow(new[] { 3, 5, 4 }, 3, 5, 4)]
    [DataRow(new[] { 1, 5, 4 }, 1, 5, 4)]
    [DataRow(new[] { 5, 4 }, 1, 5, 4)]
    [DataRow(new[] { 784 }, 1, 28, 28)]
    [DataRow(new[] { 3072 }, 3, 32, 32)]
    [DataRow(new[] { 1 }, 1, 1, 1)]
    public void ShapeFor_nothing_asked_follows_from_the_type(int[] dimensions, int channels, int height, int width) =>
        Assert.AreEqual(new ImageShape(channels, height, width), Reader(dimensions).ShapeFor(asked: null));

    [TestMethod]
    public void ShapeFor_a_shape_of_the_same_size_is_that_shape()
    {
        var asked = new ImageShape(1, 14, 56);
        Assert.AreEqual(asked, Reader(784).ShapeFor(asked));
    }

    [TestMethod]
    public void ShapeFor_a_shape_of_another_size_is_refused()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Reader(784).ShapeFor(new ImageShape(3, 32, 32)));
        Assert.AreEqual("Column 'Pixels' holds 784 floats a row, but ImageShape { Channels = 3, Height = 32, Width = 32 } needs 3072. Images given as floats are not scaled: set ImageShape to the shape that they have.", error.Message);
    }

    [TestMethod]
    [DataRow(new[] { 785 })]
    [DataRow(new[] { 28, 28, 3 })]
    [DataRow(new[] { 2, 1, 4, 4 })]
    public void ShapeFor_a_type_that_says_no_shape_is_refused(int[] dimensions)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Reader(dimensions).ShapeFor(asked: null));
        Assert.AreEqual($"Column 'Pixels' of type Vector<Single, {string.Join(", ", dimensions)}> does not say what shape its images have: it is not [1 or 3 channels, height, width], [height, width] or a square. Set ImageShape.", error.Message);
    }

    static PixelReader Reader(params int[] dimensions) => new("Pixels", new VectorDataViewType(NumberDataViewType.Single, dimensions));
}
