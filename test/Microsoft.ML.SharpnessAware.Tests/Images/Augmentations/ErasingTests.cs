namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What <see cref="RandomErasing"/> and <see cref="Cutout"/> paint over.</summary>
[TestClass]
public class ErasingTests
{
    [TestMethod]
    public void RandomErasing_paints_one_box_within_its_share_of_images()
    {
        using var scope = NewDisposeScope();
        const int Count = 10_000;
        var erased = Erased(new RandomErasing(Probability: 0.25, MinArea: 0.1, MaxArea: 0.2, MinAspect: 0.5), ones(Count, 2, 30, 20));

        var boxes = erased.Where(box => box.Pixels > 0).ToArray();
        // 4 standard deviations of a share of 10,000.
        Assert.AreEqual(0.25, (double)boxes.Length / Count, 4 * Math.Sqrt(0.25 * 0.75 / Count));
        Assert.IsTrue(boxes.All(box => box.Pixels == box.Height * box.Width), "boxes are solid");
        // Of 600 pixels 60 to 120. An edge lies anywhere in a pixel: each side may be a pixel longer or shorter than the box.
        Assert.IsTrue(boxes.All(box => (box.Height + 1) * (box.Width + 1) >= 60 && (box.Height - 1) * (box.Width - 1) <= 120));
        Assert.IsTrue(boxes.All(box => (box.Width + 1.0) / (box.Height - 1) >= 0.5 && (box.Width - 1.0) / (box.Height + 1) <= 2));
        // The area is evenly distributed, and that of the painted pixels is on average the box's: standard error 60 / √12 / √2,500 and some rounding.
        Assert.AreEqual(90, boxes.Average(box => box.Pixels), 4 * 20.0 / Math.Sqrt(boxes.Length));
    }

    [TestMethod]
    public void RandomErasing_paints_all_channels_of_that_box_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Random(1, 20, 3, 12, 12) + 1;
        var painted = Apply(new RandomErasing(Probability: 1).Apply, images, seed: 3);

        var mask = painted.eq(0);
        Assert.AreSequenceEqual(images.masked_fill(mask, 0).Values(), painted.Values());
        Assert.IsTrue(mask.select(1, 0).eq(mask.select(1, 1)).all().ToBoolean() && mask.select(1, 0).eq(mask.select(1, 2)).all().ToBoolean());
        Assert.AreSequenceEqual(images.Values(), Apply(new RandomErasing(Probability: 0).Apply, images, seed: 3).Values());
    }

    [TestMethod]
    public void Cutout_paints_a_square_about_any_pixel()
    {
        using var scope = NewDisposeScope();
        const int Count = 10_000;
        var erased = Erased(new Cutout(Size: 4), ones(Count, 1, 10, 10));

        Assert.IsTrue(erased.All(box => box.Pixels == box.Height * box.Width && box.Height is >= 2 and <= 4 && box.Width is >= 2 and <= 4));
        // Of ten centres those at 0, 1 and 9 leave 2, 3 and 3 rows of four within: 3.6 on average, deviation 0.66.
        Assert.AreEqual(3.6, erased.Average(box => box.Height), 4 * 0.66 / 100);
        Assert.AreEqual(3.6, erased.Average(box => box.Width), 4 * 0.66 / 100);
    }

    [TestMethod]
    public void Cutout_of_size_zero_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Random(1, 4, 3, 8, 8);
        Assert.AreSequenceEqual(images.Values(), Apply(new Cutout(Size: 0).Apply, images, seed: 1).Values());
    }

    [TestMethod]
    public void Apply_repeats_by_the_seed()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Random(1, 8, 3, 16, 16);
        foreach (var apply in new Func<Tensor, BatchRandom, Tensor>[] { new RandomErasing().Apply, new Cutout(Size: 5).Apply })
        {
            Assert.AreSequenceEqual(Apply(apply, images, seed: 1).Values(), Apply(apply, images, seed: 1).Values());
            Assert.AreNotSequenceEqual(Apply(apply, images, seed: 1).Values(), Apply(apply, images, seed: 2).Values());
        }
    }

    static Tensor Apply(Func<Tensor, BatchRandom, Tensor> change, Tensor images, long seed)
    {
        using var random = new Generator((ulong)seed);
        return change(images, new BatchRandom(random, images.shape[0]));
    }

    static (int Pixels, int Height, int Width)[] Erased(RandomErasing erasing, Tensor images) => Boxes(Apply(erasing.Apply, images, seed: 5));

    static (int Pixels, int Height, int Width)[] Erased(Cutout cutout, Tensor images) => Boxes(Apply(cutout.Apply, images, seed: 5));

    // How many pixels of each image are 0, and in how many rows and columns.
    static (int Pixels, int Height, int Width)[] Boxes(Tensor images)
    {
        var mask = images.select(1, 0).eq(0);
        var (pixels, rows, columns) = (Counts(mask.flatten(1)), Counts(mask.any(2)), Counts(mask.any(1)));
        return [.. pixels.Select((count, i) => (count, rows[i], columns[i]))];

        static int[] Counts(Tensor marks) => Array.ConvertAll(marks.sum(1).data<long>().ToArray(), count => (int)count);
    }
}
