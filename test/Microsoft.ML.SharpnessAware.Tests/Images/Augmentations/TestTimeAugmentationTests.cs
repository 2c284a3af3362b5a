namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class TestTimeAugmentationTests
{
    [TestMethod]
    public void Views_are_the_image_and_its_reflection()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });

        AreEqual([[1, 2, 3, 4, 5, 6], [3, 2, 1, 6, 5, 4]], new TestTimeAugmentation().Views(image));
        AreEqual([[1, 2, 3, 4, 5, 6]], new TestTimeAugmentation(HorizontalFlip: false).Views(image));
    }

    [TestMethod]
    public void Views_with_a_shift_are_also_the_image_moved_to_the_corners_over_the_mean_color()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });

        float[][] expected = [[1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 1, 2], [0, 0, 0, 2, 3, 0], [0, 4, 5, 0, 0, 0], [5, 6, 0, 0, 0, 0]];
        AreEqual(expected, new TestTimeAugmentation(HorizontalFlip: false, Shift: 1).Views(image));

        var reflected = new TestTimeAugmentation(Shift: 1).Views(image).ToArray();
        Assert.HasCount(10, reflected);
        AreEqual([[0, 0, 0, 2, 1, 0]], [reflected[3]]);
    }

    [TestMethod]
    public void Shift_below_zero_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TestTimeAugmentation(Shift: -1));
        Assert.StartsWith("Shift must be 0 or more, but was -1.", error.Message);
    }

    static void AreEqual(float[][] expected, IEnumerable<Tensor> views)
    {
        var all = views.ToArray();
        Assert.HasCount(expected.Length, all);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreSequenceEqual(expected[i], all[i].Values(), $"view {i}");
    }
}
