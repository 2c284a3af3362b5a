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
        var changed = new Augmentation(padding, flip).Apply(images, seed: 11);

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

        var first = augmentation.Apply(images, seed: 1).data<float>().ToArray();
        Assert.AreSequenceEqual(first, augmentation.Apply(images, seed: 1).data<float>().ToArray());
        Assert.AreNotSequenceEqual(first, augmentation.Apply(images, seed: 2).data<float>().ToArray());
    }

    [TestMethod]
    public void Apply_with_nothing_to_do_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var images = Numbered(8, 3, 5, 6);
        var same = new Augmentation(CropPadding: 0, HorizontalFlip: false).Apply(images, seed: 1);
        Assert.AreSequenceEqual(images.data<float>().ToArray(), same.data<float>().ToArray());
    }

    [TestMethod]
    public void Apply_leaves_nothing_but_its_result()
    {
        using var images = Numbered(8, 3, 5, 6).DetachFromDisposeScope();
        var before = LiveTensors.Before();
        using (new Augmentation().Apply(images, seed: 1))
            Assert.AreEqual(before + 1, Tensor.TotalCount);
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
