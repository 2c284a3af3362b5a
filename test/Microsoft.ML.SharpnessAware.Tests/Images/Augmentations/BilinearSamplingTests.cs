namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class BilinearSamplingTests
{
    [TestMethod]
    [DataRow(4, 5)]
    [DataRow(224, 331)]
    public void At_the_centres_of_pixels_is_the_image(int height, int width)
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Random(1, 3, 2, height, width);

        var same = BilinearSampling.At(images, BilinearSampling.Rows(images), BilinearSampling.Columns(images));

        Assert.AreSequenceEqual(images.Values(), same.Values());
    }

    [TestMethod]
    public void At_points_between_pixels_weighs_the_four_around_it()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 0, 4 }, { 8, 16 } });

        var result = BilinearSampling.At(image, tensor(new float[] { 1, 0.75f, 1.5f, 1 }).view(1, 2, 2), tensor(new float[] { 1, 0.5f, 1, 0.75f }).view(1, 2, 2));

        // By hand: the mean of all; a quarter of the way down on the left; the lower middle; half-way down and a quarter to the right.
        Assert.AreSequenceEqual([7f, 2, 12, 5.5f], result.Values());
    }

    [TestMethod]
    public void At_points_outside_is_zero_and_fades_towards_it()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 8, 8 }, { 8, 8 } });

        var result = BilinearSampling.At(image, tensor(new float[] { 0.25f, 1, -1, 1 }).view(1, 2, 2), tensor(new float[] { 1, 2, 1, 2.5f }).view(1, 2, 2));

        Assert.AreSequenceEqual([6f, 4, 0, 0], result.Values());
    }
}
