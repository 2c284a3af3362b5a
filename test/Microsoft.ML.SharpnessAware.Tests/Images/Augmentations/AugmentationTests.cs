namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class AugmentationTests
{
    [TestMethod]
    [DataRow(2, true)]
    [DataRow(3, false)]
    [DataRow(0, true)]
    public void Apply_shifts_and_flips_as_computed_by_hand(int padding, bool flip)
    {
        using var scope = NewDisposeScope();
        var images = Numbered(20, 3, 4, 5);
        var changed = new Augmentation(padding, flip).Apply(images, Normalization.None(3), seed: 11);

        var (top, left, mirrored) = Draws(20, padding, flip, seed: 11);
        for (var n = 0; n < 20; n++)
            for (var c = 0; c < 3; c++)
                for (var y = 0; y < 4; y++)
                    for (var x = 0; x < 5; x++)
                        Assert.AreEqual(Expected(n, c, y, x), changed[n, c, y, x].ToSingle(), $"[{n}, {c}, {y}, {x}]");

        float Expected(int n, int c, int y, int x)
        {
            var sourceY = y + (int)top[n] - padding;
            var sourceX = (mirrored[n] == 1 ? 4 - x : x) + (int)left[n] - padding;
            return sourceY is >= 0 and < 4 && sourceX is >= 0 and < 5 ? images[n, c, sourceY, sourceX].ToSingle() : 0;
        }
    }

    [TestMethod]
    public void Apply_repeats_by_the_seed()
    {
        using var scope = NewDisposeScope();
        var images = Numbered(8, 1, 6, 6);
        var augmentation = new Augmentation();

        var first = augmentation.Apply(images, Normalization.None((int)images.shape[1]), seed: 1).data<float>().ToArray();
        Assert.AreSequenceEqual(first, augmentation.Apply(images, Normalization.None((int)images.shape[1]), seed: 1).data<float>().ToArray());
        Assert.AreNotSequenceEqual(first, augmentation.Apply(images, Normalization.None((int)images.shape[1]), seed: 2).data<float>().ToArray());
    }

    [TestMethod]
    public void Apply_with_nothing_to_do_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var images = Numbered(8, 3, 5, 6);
        var same = new Augmentation(CropPadding: 0, HorizontalFlip: false).Apply(images, Normalization.None((int)images.shape[1]), seed: 1);
        Assert.AreSequenceEqual(images.data<float>().ToArray(), same.data<float>().ToArray());
    }

    [TestMethod]
    public void Apply_leaves_nothing_but_its_result()
    {
        using var images = Numbered(8, 3, 5, 6).DetachFromDisposeScope();
        var all = new Augmentation { VerticalFlip = true, RandomResizedCrop = new(), ColorJitter = new(Hue: 0.1), RandAugment = new(), RandomErasing = new(), Cutout = new(4) };
        var before = LiveTensors.Before();
        using (all.Apply(images, Normalization.None((int)images.shape[1]), seed: 1))
            Assert.AreEqual(before + 1, Tensor.TotalCount);
    }

    [TestMethod]
    public void Apply_turns_as_many_images_upside_down_as_not()
    {
        using var scope = NewDisposeScope();
        const int Count = 10_000;
        var image = tensor(new float[] { 1, 2, 3, 4 }, [1, 1, 2, 2]).expand(Count, -1, -1, -1);
        var changed = new Augmentation(CropPadding: 0) { VerticalFlip = true }.Apply(image, Normalization.None(1), seed: 1).Values();

        var corners = Enumerable.Range(0, Count).Select(i => string.Join(' ', changed[(4 * i)..(4 * i + 4)])).CountBy(corner => corner).ToDictionary();

        // All four ways to lie are equally frequent: 4 standard deviations.
        Assert.AreSequenceEqual(["1 2 3 4", "2 1 4 3", "3 4 1 2", "4 3 2 1"], corners.Keys.Order());
        Assert.IsTrue(corners.Values.All(times => Math.Abs(times - Count / 4) < 4 * Math.Sqrt(Count * 0.25 * 0.75)), string.Join(' ', corners.Values));
    }

    [TestMethod]
    public void Apply_shifts_and_mirrors_alike_with_and_without_other_changes()
    {
        using var scope = NewDisposeScope();
        // Dark and bright in each: stretching tones changes nothing.
        var pixels = (ImageBatch.RandomBytes(1, 8, 3, 12, 12) * 255).to(ScalarType.Byte);
        var normalization = new Normalization([0.4f, 0.5f, 0.6f], [0.2f, 0.3f, 0.25f]);
        var jitter = new ColorJitter(Brightness: 0, Contrast: 0, Saturation: 0);

        var plain = new Augmentation().Apply(pixels, normalization, seed: 4);
        var more = new Augmentation { ColorJitter = jitter, RandAugment = new(Operations: 0), Cutout = new(Size: 0) }.Apply(pixels, normalization, seed: 4);

        // Scaled to 0 to 1 before it is normalised, not along with it.
        ImageBatch.AreNear(plain.Values(), more, 1e-5);
    }

    [TestMethod]
    public void Apply_changes_colors_before_and_erases_after_normalising()
    {
        using var scope = NewDisposeScope();
        var pixels = full([1, 1, 4, 4], 255, dtype: ScalarType.Byte);
        var normalization = new Normalization([0.5f], [0.25f]);
        var augmentation = new Augmentation(CropPadding: 0) { ColorJitter = new(Brightness: 0.4, Contrast: 0, Saturation: 0), Cutout = new(Size: 2) };

        var values = augmentation.Apply(pixels, normalization, seed: 2).Values();

        // White stays white or becomes darker, down to 0.6; erased pixels have the mean color.
        Assert.IsTrue(values.All(value => value == 0 || value is >= (0.6f - 0.5f) / 0.25f - 1e-5f and <= 2), string.Join(' ', values));
        Assert.IsTrue(values.Contains(0) && values.Any(value => value != 0));
    }

    [TestMethod]
    public void Apply_of_all_changes_repeats_by_the_seed()
    {
        using var scope = NewDisposeScope();
        var pixels = (ImageBatch.RandomBytes(1, 8, 3, 12, 12) * 255).to(ScalarType.Byte);
        var normalization = new Normalization([0.4f, 0.5f, 0.6f], [0.2f, 0.3f, 0.25f]);
        var all = new Augmentation { VerticalFlip = true, RandomResizedCrop = new(), ColorJitter = new(Hue: 0.1), RandAugment = new(), RandomErasing = new(), Cutout = new(4) };

        var first = all.Apply(pixels, normalization, seed: 1).Values();

        Assert.AreSequenceEqual(first, all.Apply(pixels, normalization, seed: 1).Values());
        Assert.AreNotSequenceEqual(first, all.Apply(pixels, normalization, seed: 2).Values());
        Assert.IsTrue(first.All(float.IsFinite));
    }

    [TestMethod]
    public void Apply_to_pixels_of_any_scale_crops_and_flips_them()
    {
        using var scope = NewDisposeScope();
        var pixels = full([4, 1, 6, 6], 1000f);
        var augmentation = new Augmentation(CropPadding: 0) { RandomResizedCrop = new() };

        // Means of equal numbers, in float32.
        ImageBatch.AreNear([.. Enumerable.Repeat(2f, 4 * 36)], augmentation.Apply(pixels, new Normalization([998], [1]), seed: 1), 1e-3);
    }

    [TestMethod]
    public void CheckSuits_refuses_colors_of_pixels_whose_black_and_white_nobody_knows()
    {
        var errors = new ErrorText()
            .Add("ColorJitter", () => new Augmentation { ColorJitter = new() }.CheckSuits(ScalarType.Float32, "Features"))
            .Add("RandAugment", () => new Augmentation { RandAugment = new() }.CheckSuits(ScalarType.Float32, "Features"));
        Golden.Matches("Images/AugmentationOfFloats.txt", errors.ToString());

        new Augmentation { RandomResizedCrop = new(), RandomErasing = new(), Cutout = new(), MixUp = new() }.CheckSuits(ScalarType.Float32, "Features");
        new Augmentation { ColorJitter = new(), RandAugment = new() }.CheckSuits(ScalarType.Byte, "Features");
    }

    [TestMethod]
    public void CropPadding_below_zero_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Augmentation(CropPadding: -1));
        Assert.StartsWith("CropPadding must be 0 or more, but was -1.", error.Message);
    }

    static Tensor Numbered(params long[] shape)
    {
        using var scope = NewDisposeScope();
        return arange(1, 1 + shape.Aggregate((a, b) => a * b), dtype: ScalarType.Float32).view(shape).MoveToOuterDisposeScope();
    }

    static (long[] Top, long[] Left, long[] Mirrored) Draws(int count, int padding, bool flip, ulong seed)
    {
        using var random = new Generator(seed);
        return (Draw(2 * padding + 1), Draw(2 * padding + 1), Draw(flip ? 2 : 1));

        long[] Draw(long values) => randint(0, values, [count], generator: random).data<long>().ToArray();
    }
}
