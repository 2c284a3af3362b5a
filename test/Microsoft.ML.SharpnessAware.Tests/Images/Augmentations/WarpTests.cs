namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class WarpTests
{
    // Sine and cosine of a right angle in float32 miss 1 and 0 by 1e-7.
    const double Float = 1e-5;

    [TestMethod]
    public void ShearX_moves_each_row_by_its_distance_from_the_upper_edge()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 1, 2, 3, 4 }, { 5, 6, 7, 8 } });

        // The middle of the first row is 0.5 from the edge, that of the second 1.5.
        Assert.AreSequenceEqual([2f, 3, 4, 0, 8, 0, 0, 0], Warp.ShearX(image, ImageBatch.Amounts(2)).Values());
        Assert.AreSequenceEqual([0f, 1, 2, 3, 0, 0, 0, 5], Warp.ShearX(image, ImageBatch.Amounts(-2)).Values());
    }

    [TestMethod]
    public void ShearY_moves_each_column_by_its_distance_from_the_left_edge()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } });

        Assert.AreSequenceEqual([3f, 8, 5, 0, 7, 0, 0, 0], Warp.ShearY(image, ImageBatch.Amounts(2)).Values());
    }

    [TestMethod]
    public void Translate_moves_each_image_by_its_share_of_the_size()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 1, 2 }, { 3, 4 } });
        var two = cat([image, image], 0);

        Assert.AreSequenceEqual([2f, 0, 4, 0, 0, 1, 0, 3], Warp.TranslateX(two, ImageBatch.Amounts(0.5f, -0.5f)).Values());
        Assert.AreSequenceEqual([3f, 4, 0, 0, 0.5f, 1, 2, 3], Warp.TranslateY(two, ImageBatch.Amounts(0.5f, -0.25f)).Values());
    }

    [TestMethod]
    public void Rotate_by_a_right_angle_turns_anticlockwise()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } });

        ImageBatch.AreNear([3, 6, 9, 2, 5, 8, 1, 4, 7], Warp.Rotate(image, ImageBatch.Amounts(MathF.PI / 2)), Float);
        ImageBatch.AreNear([9, 8, 7, 6, 5, 4, 3, 2, 1], Warp.Rotate(image, ImageBatch.Amounts(MathF.PI)), Float);
    }

    [TestMethod]
    public void Rotate_of_a_wide_image_keeps_its_centre()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 1, 2, 3, 4, 5 } });

        ImageBatch.AreNear([0, 0, 3, 0, 0], Warp.Rotate(image, ImageBatch.Amounts(MathF.PI / 2)), Float);
    }
}
