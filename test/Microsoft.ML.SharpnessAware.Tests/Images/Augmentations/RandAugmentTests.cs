namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class RandAugmentTests
{
    static readonly float[] MeanColor = [0.5f, 0.25f, 0.75f];

    [TestMethod]
    public void Apply_of_no_operation_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Random(1, 4, 3, 8, 8);
        Assert.AreSequenceEqual(images.Values(), Apply(new RandAugment(Operations: 0), images, seed: 1).Values());
    }

    [TestMethod]
    public void Operations_of_strength_zero_change_nothing_but_for_those_that_have_none()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.RandomBytes(1, 4, 3, 20, 20) * 0.8 + 0.1;
        images = (images * 255).floor() / 255;
        var operations = Operations(strength: 0);

        foreach (var operation in operations.All)
            if (operation.Method.Name is not (nameof(operations.AutoContrast) or nameof(operations.Equalize)))
                // Away from a color and back again, in float32.
                ImageBatch.AreNear(images.Values(), operation(images, Signs(4)), 1e-6);
    }

    [TestMethod]
    public void Operations_at_full_strength_are_those_of_torchvision()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.RandomBytes(1, 2, 3, 12, 12);
        var operations = Operations(strength: 1);
        var signs = ImageBatch.Amounts(1, -1);

        Same(ColorChange.Brightness(images, ImageBatch.Amounts(1.9f, 0.1f)), operations.Brightness);
        Same(ColorChange.Contrast(images, ImageBatch.Amounts(1.9f, 0.1f)), operations.Contrast);
        Same(ColorChange.Saturation(images, ImageBatch.Amounts(1.9f, 0.1f)), operations.Saturation);
        Same(ColorChange.Sharpness(images, ImageBatch.Amounts(1.9f, 0.1f)), operations.Sharpness);
        Same(ToneChange.Posterize(images, 4), operations.Posterize);
        Same(1 - images, operations.Solarize);
        Same(OverMeanColor(bare => Warp.ShearX(bare, ImageBatch.Amounts(0.3f, -0.3f))), operations.ShearX);
        Same(OverMeanColor(bare => Warp.ShearY(bare, ImageBatch.Amounts(0.3f, -0.3f))), operations.ShearY);
        Same(OverMeanColor(bare => Warp.TranslateX(bare, ImageBatch.Amounts(150f / 331, -150f / 331))), operations.TranslateX);
        Same(OverMeanColor(bare => Warp.TranslateY(bare, ImageBatch.Amounts(150f / 331, -150f / 331))), operations.TranslateY);
        Same(OverMeanColor(bare => Warp.Rotate(bare, ImageBatch.Amounts(MathF.PI / 6, -MathF.PI / 6))), operations.Rotate);

        // Strengths are rounded to float32 once more.
        void Same(Tensor expected, Func<Tensor, Tensor, Tensor> operation) => ImageBatch.AreNear(expected.Values(), operation(images, signs), 1e-5);

        Tensor OverMeanColor(Func<Tensor, Tensor> warp) => warp(images - Mean()) + Mean();
    }

    [TestMethod]
    public void Posterize_keeps_as_many_bits_as_the_strength_leaves()
    {
        using var scope = NewDisposeScope();
        var levels = arange(256) / 255f;

        // 4 × 9 / 30 = 1.2 bits less, rounded.
        Assert.AreSequenceEqual(ToneChange.Posterize(levels, 7).Values(), Operations(9.0 / 30).Posterize(levels, levels).Values());
    }

    [TestMethod]
    public void Translation_moves_the_mean_color_in()
    {
        using var scope = NewDisposeScope();
        var moved = Operations(strength: 1).TranslateX(zeros(1, 3, 4, 8), ImageBatch.Amounts(1));

        // 45 % of 8 pixels are 3.6.
        Near.Equal([0.5, 0.25, 0.75], Array.ConvertAll(moved.select(3, 7).select(2, 0).Values(), value => (double)value), 1e-6, "float32");
        Near.Equal([0, 0, 0], Array.ConvertAll(moved.select(3, 3).select(2, 0).Values(), value => (double)value), 1e-6, "float32");
    }

    [TestMethod]
    public void Apply_draws_each_operation_and_each_sign_equally_often()
    {
        using var scope = NewDisposeScope();
        const int Count = 14_000;
        // Tones that can be equalized and stretched, and no two outcomes alike: the numbers by which they are summed up tell them apart.
        var image = ImageBatch.Random(2, 1, 3, 17, 17) * 0.75 + 0.125;
        var augmented = Apply(new RandAugment(Operations: 1), image.expand(Count, -1, -1, -1), seed: 3);

        var sums = augmented.flatten(1).matmul(ImageBatch.Random(4, 3 * 17 * 17)).Values();
        var seen = sums.Select(sum => MathF.Round(sum, 2)).CountBy(sum => sum).Select(pair => pair.Value).Order().ToArray();

        // Nine operations have two signs, five have none.
        Assert.HasCount(9 * 2 + 5, seen);
        // 500 of each sign, 1000 of each operation without: 5 standard deviations.
        Assert.IsTrue(seen.Take(18).All(count => Math.Abs(count - 500) < 5 * Math.Sqrt(500)), string.Join(' ', seen));
        Assert.IsTrue(seen.Skip(18).All(count => Math.Abs(count - 1000) < 5 * Math.Sqrt(1000)), string.Join(' ', seen));
    }

    [TestMethod]
    public void Apply_repeats_by_the_seed_and_leaves_its_images_alone()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Random(1, 8, 3, 8, 8);
        var before = images.Values();
        var first = Apply(new RandAugment(), images, seed: 1).Values();

        Assert.AreSequenceEqual(first, Apply(new RandAugment(), images, seed: 1).Values());
        Assert.AreNotSequenceEqual(first, Apply(new RandAugment(), images, seed: 2).Values());
        Assert.AreSequenceEqual(before, images.Values());
    }

    [TestMethod]
    public void Apply_takes_grey_images_and_very_small_ones()
    {
        using var scope = NewDisposeScope();
        foreach (var images in new[] { ImageBatch.Random(1, 100, 1, 6, 6), ImageBatch.Random(1, 100, 3, 1, 1) })
        {
            using var random = new Generator(1);
            var augmented = new RandAugment(Operations: 3, Magnitude: 30).Apply(images, MeanColor[..(int)images.shape[1]], new BatchRandom(random, images.shape[0]));
            Assert.AreSequenceEqual(images.shape, augmented.shape);
            Assert.IsTrue((augmented.ge(-1e-6) & augmented.le(1 + 1e-6)).all().ToBoolean(), "in 0 to 1, but for rounding");
        }
    }

    static Tensor Mean() => tensor(MeanColor, [1, 3, 1, 1]);

    static RandAugmentOperations Operations(double strength) => new(strength, Mean());

    static Tensor Signs(int count) => ImageBatch.Amounts([.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? 1f : -1)]);

    static Tensor Apply(RandAugment augment, Tensor images, long seed)
    {
        using var random = new Generator((ulong)seed);
        return augment.Apply(images, MeanColor, new BatchRandom(random, images.shape[0]));
    }
}
