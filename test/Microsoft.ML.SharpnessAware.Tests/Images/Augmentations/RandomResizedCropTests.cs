namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class RandomResizedCropTests
{
    [TestMethod]
    public void Cut_stretches_a_piece_bilinearly()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 0, 8, 1, 1 }, { 16, 24, 1, 1 }, { 1, 1, 1, 1 }, { 1, 1, 1, 1 } });

        var cut = RandomResizedCrop.Cut(image, (ImageBatch.Amounts(0), ImageBatch.Amounts(2)), (ImageBatch.Amounts(0), ImageBatch.Amounts(1)));

        // Rows at 0.25, 0.75, 1.25 and 1.75; columns at 0.125, 0.375, 0.625 and 0.875: what lies above or left of the first centre is as the first pixel, and the last row a quarter as the row below.
        Assert.AreSequenceEqual([0f, 0, 1, 3, 4, 4, 5, 7, 12, 12, 13, 15, 12.25f, 12.25f, 13, 14.5f], cut.Values());
    }

    [TestMethod]
    public void Apply_of_the_whole_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Random(1, 4, 3, 6, 6);
        Assert.AreSequenceEqual(images.Values(), Apply(new RandomResizedCrop(MinArea: 1, MinAspect: 1, MaxAspect: 1), images, seed: 1).Values());
    }

    [TestMethod]
    public void Apply_takes_pieces_of_the_given_areas_and_aspects_from_anywhere()
    {
        using var scope = NewDisposeScope();
        const int Count = 10_000;
        var pieces = Pieces(new RandomResizedCrop(MinArea: 0.25, MaxArea: 0.5, MinAspect: 0.5, MaxAspect: 2), Count, height: 40, width: 40);

        foreach (var (top, height, left, width) in pieces)
        {
            // The least and the largest aspect are reached only up to rounding; positions come from ramps in float32.
            Assert.IsTrue(height * width / 1600 is > 0.25 - 1e-3 and < 0.5 + 1e-3, $"{height}×{width}");
            Assert.IsTrue(width / height is > 0.5 - 1e-3 and < 2 + 1e-3, $"{height}×{width}");
            Assert.IsTrue(top > -1e-3 && top + height < 40 + 1e-3 && left > -1e-3 && left + width < 40 + 1e-3);
        }
        // All boxes fit, so that areas are evenly distributed: standard error of the mean 0.25 / √12 / √10,000 = 7e-4.
        Assert.AreEqual(0.375, pieces.Average(piece => piece.Height * piece.Width / 1600), 4 * 7e-4);
        Assert.AreEqual(0, pieces.Average(piece => Math.Log(piece.Width / piece.Height)), 4 * Math.Log(4) / Math.Sqrt(12) / 100);
        // Where there is room: the place between both edges, evenly.
        Assert.AreEqual(0.5, pieces.Average(piece => piece.Top / (40 - piece.Height)), 4 / Math.Sqrt(12) / 100);
        Assert.AreEqual(0.5, pieces.Average(piece => piece.Left / (40 - piece.Width)), 4 / Math.Sqrt(12) / 100);
    }

    [TestMethod]
    public void Apply_takes_the_largest_piece_in_the_middle_where_none_fits()
    {
        using var scope = NewDisposeScope();
        foreach (var (top, height, left, width) in Pieces(new RandomResizedCrop(MinArea: 1, MinAspect: 0.5, MaxAspect: 2), 20, height: 10, width: 40))
            Near.Equal([0, 10, 10, 20], [top, height, left, width], 1e-3, "of a ramp in float32");
    }

    [TestMethod]
    public void Apply_repeats_by_the_seed()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Random(1, 4, 3, 8, 8);
        var first = Apply(new RandomResizedCrop(), images, seed: 1).Values();

        Assert.AreSequenceEqual(first, Apply(new RandomResizedCrop(), images, seed: 1).Values());
        Assert.AreNotSequenceEqual(first, Apply(new RandomResizedCrop(), images, seed: 2).Values());
    }

    [TestMethod]
    public void Values_out_of_range_are_refused()
    {
        var errors = new ErrorText()
            .Add("MinArea", () => new RandomResizedCrop(MinArea: 0))
            .Add("MaxArea", () => new RandomResizedCrop { MaxArea = 1.5 })
            .Add("MinAspect", () => new RandomResizedCrop(MinAspect: 0))
            .Add("MaxAspect", () => new RandomResizedCrop(MaxAspect: double.PositiveInfinity))
            .Add("Probability", () => new RandomErasing(Probability: 1.1))
            .Add("erased MaxArea", () => new RandomErasing(MaxArea: -1))
            .Add("Size", () => new Cutout(Size: -1))
            .Add("Brightness", () => new ColorJitter(Brightness: -0.1))
            .Add("Hue", () => new ColorJitter(Hue: 0.6))
            .Add("Operations", () => new RandAugment(Operations: -1))
            .Add("Magnitude", () => new RandAugment(Magnitude: 31))
            .Add("Alpha of MixUp", () => new MixUp(Alpha: 0))
            .Add("Alpha of CutMix", () => new CutMix(Alpha: double.NaN))
            .Add("Probability of CutMix", () => new CutMix(Probability: -0.5));
        Golden.Matches("Images/AugmentationErrors.txt", errors.ToString());
    }

    static Tensor Apply(RandomResizedCrop crop, Tensor images, long seed)
    {
        using var random = new Generator((ulong)seed);
        return crop.Apply(images, new BatchRandom(random, images.shape[0]));
    }

    // Red tells the row and green the column, so that two pixels of the result in the middle tell where the piece was.
    static (double Top, double Height, double Left, double Width)[] Pieces(RandomResizedCrop crop, int count, int height, int width)
    {
        using var scope = NewDisposeScope();
        var y = arange(height, dtype: ScalarType.Float32).view(1, 1, height, 1).expand(count, 1, height, width);
        var x = arange(width, dtype: ScalarType.Float32).view(1, 1, 1, width).expand(count, 1, height, width);
        var cut = Apply(crop, cat([y, x], 1), seed: 7);
        var (rows, columns) = (Line(cut.select(1, 0).select(2, width / 2)), Line(cut.select(1, 1).select(1, height / 2)));
        return [.. rows.Zip(columns, (row, column) => (row.Start, row.Length, column.Start, column.Length))];

        static (double Start, double Length)[] Line(Tensor ramps)
        {
            var size = ramps.shape[1];
            var (low, high) = (ramps.select(1, size / 4).Values(), ramps.select(1, size * 3 / 4).Values());
            return [.. low.Zip(high, (from, to) =>
            {
                var perPixel = ((double)to - from) / (size * 3 / 4 - size / 4);
                return (from + 0.5 - (size / 4 + 0.5) * perPixel, perPixel * size);
            })];
        }
    }
}
