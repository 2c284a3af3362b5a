using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ImageLoaderTests
{
    static readonly byte[] Truncated = TestImages.Jpeg[..200];

    [TestMethod]
    [DataRow(1)]
    [DataRow(8)]
    public void Load_keeps_the_order_of_the_rows(int threads)
    {
        using var loaded = new Loaded(TestRows.Encoded([.. Enumerable.Range(0, 200).Select(i => (TestRows.Grey(i), (uint)(1 + i % 3)))]), with => with with { Threads = threads });

        Assert.AreSequenceEqual(Enumerable.Range(0, 200), loaded.Brightness());
        Assert.AreSequenceEqual(Enumerable.Range(0, 200).Select(i => (long)(i % 3)), loaded.Labels());
    }

    [TestMethod]
    public void Load_leaves_out_rows_without_a_label_and_counts_them()
    {
        using var loaded = new Loaded(TestRows.Encoded((TestRows.Grey(1), 2), (Truncated, 0), (TestRows.Grey(3), 0), (TestRows.Grey(4), 1)));

        Assert.AreSequenceEqual([1, 4], loaded.Brightness());
        Assert.AreSequenceEqual([1L, 0], loaded.Labels());
        Assert.AreEqual(2, loaded.Images.MissingLabels);
    }

    [TestMethod]
    public void Load_with_Fail_names_the_first_bad_row()
    {
        var rows = Enumerable.Range(0, 60).Select(i => (i is 17 or 18 or 40 ? Truncated : TestRows.Grey(i), 1u)).ToArray();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new Loaded(TestRows.Encoded(rows)));
        Assert.AreEqual("The image of row 17 (counting from 0) in column 'Image' cannot be used: it ends too early, after 200 bytes. Remove the row, or set BadImages to Skip to train without such rows.", error.Message);
    }

    [TestMethod]
    public void Load_with_Skip_lists_the_bad_rows()
    {
        using var loaded = new Loaded(TestRows.Encoded((TestRows.Grey(1), 1), ([], 2), (TestRows.Grey(3), 3), (Truncated, 1)), Skipping);

        Assert.AreSequenceEqual([1, 3], loaded.Brightness());
        Assert.AreSequenceEqual([0L, 2], loaded.Labels());
        Assert.AreSequenceEqual([new SkippedRow(1, "it has 0 bytes"), new SkippedRow(3, "it ends too early, after 200 bytes")], loaded.Images.Skipped);
    }

    [TestMethod]
    public void Load_with_Skip_goes_on_after_a_missing_file()
    {
        var folder = Directory.CreateTempSubdirectory("missing-file-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, "a.png"), TestRows.Grey(1));
            File.WriteAllBytes(Path.Combine(folder.FullName, "c.png"), TestRows.Grey(3));
            var ml = new MLContext();
            var paths = ml.Data.LoadFromEnumerable(new[] { "a.png", "b.png", "c.png" }.Select(path => new PathRow { Path = path, Label = 1 }));
            var data = ml.Transforms.LoadRawImageBytes("Image", folder.FullName, "Path").Fit(paths).Transform(paths);

            using var loaded = new Loaded(data, Skipping);

            Assert.AreSequenceEqual([1, 3], loaded.Brightness());
            Assert.AreEqual(1, loaded.Images.Skipped.Single().Row);
            Assert.Contains("b.png", loaded.Images.Skipped.Single().Reason);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    [DynamicData(nameof(NothingToLearnFrom))]
    public void Load_of_nothing_usable_says_where_the_rows_went(IDataView data, string where)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new Loaded(data, Skipping));
        Assert.AreEqual($"Column 'Image' gives no image to learn from: {where}.", error.Message);
    }

    [TestMethod]
    public void Load_of_nothing_usable_for_a_network_for_color_says_so_and_not_that_there_is_no_color()
    {
        var data = TestRows.Encoded(([], 1), (Truncated, 1));

        var fails = Assert.ThrowsExactly<InvalidOperationException>(() => new Loaded(data, ForColor));
        var skips = Assert.ThrowsExactly<InvalidOperationException>(() => new Loaded(data, loading => Skipping(ForColor(loading))));

        Assert.AreEqual("The image of row 0 (counting from 0) in column 'Image' cannot be used: it has 0 bytes. Remove the row, or set BadImages to Skip to train without such rows.", fails.Message);
        Assert.AreEqual("Column 'Image' gives no image to learn from: of 2 rows, 0 lack a label and 2 a usable image (row 0: it has 0 bytes).", skips.Message);

        static ImageLoading ForColor(ImageLoading loading) => loading with { Network = new CifarResNet(8) { Normalization = Normalization.ImageNet } };
    }

    static IEnumerable<object[]> NothingToLearnFrom =>
    [
        [TestRows.Encoded(), "the data have no rows"],
        [TestRows.Encoded((TestRows.Grey(1), 0)), "of 1 rows, 1 lack a label and 0 a usable image"],
        [TestRows.Encoded((TestRows.Grey(1), 0), ([], 1), (Truncated, 1)), "of 3 rows, 1 lack a label and 2 a usable image (row 1: it has 0 bytes)"],
    ];

    [TestMethod]
    [DataRow(20, 30, 20, 30)]
    [DataRow(32, 4, 32, 4)]
    [DataRow(33, 8, 32, 32)]
    [DataRow(100, 200, 32, 32)]
    public void Load_takes_the_first_size_up_to_the_default(int height, int width, int expectedHeight, int expectedWidth)
    {
        using var loaded = new Loaded(TestRows.Encoded((TestRows.Grey(9, width, height), 1), (TestRows.Grey(9, 7, 7), 1)));
        Assert.AreEqual(new ImageShape(1, expectedHeight, expectedWidth), loaded.Images.Shape);
        Assert.AreSequenceEqual([9, 9], loaded.Brightness());
    }

    [TestMethod]
    public void Load_sees_color_that_comes_after_grey_and_bad_images()
    {
        var color = TestImages.Png(4, 4, (_, _) => (1, 2, 3));
        using var loaded = new Loaded(TestRows.Encoded(([], 1), (TestRows.Grey(5, width: 6), 1), (color, 1)), Skipping);

        Assert.AreEqual(new ImageShape(3, 4, 6), loaded.Images.Shape);
        Assert.AreSequenceEqual([5, 1], loaded.Brightness());
    }

    [TestMethod]
    public void Load_with_a_shape_scales_to_it()
    {
        using var loaded = new Loaded(TestRows.Encoded((TestRows.Grey(5, 1, 1), 1)), with => with with { Shape = new ImageShape(3, 16, 8) });
        Assert.AreEqual(new ImageShape(3, 16, 8), loaded.Images.Shape);
        Assert.AreSequenceEqual(Enumerable.Repeat((byte)5, 3 * 16 * 8), loaded.Pixels(0));
    }

    [TestMethod]
    public void Load_of_images_too_small_for_the_network_is_refused()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new Loaded(TestRows.Encoded((TestRows.Grey(5, 1, 1), 1))));
        Assert.StartsWith("CifarResNet { Depth = 8 } needs images of at least 4×4 pixels, but these are 1×1.", error.Message);
    }

    [TestMethod]
    public void Load_of_MLImages_copies_each_before_the_next()
    {
        var images = Enumerable.Range(0, 50).Select(i => MLImage.CreateFromPixels(4, 4, MLPixelFormat.Bgra32, Enumerable.Repeat((byte)i, 64).ToArray())).ToArray();
        foreach (var image in images)
            Assert.AreEqual(4, image.Width);

        // Opacity is as low as the color, so that white shines through: v + 255 - v.
        using var loaded = new Loaded(TestRows.Decoded([.. images.Select(image => (image, 1u))]));

        Assert.AreSequenceEqual(Enumerable.Repeat(255, 50), loaded.Brightness());
        foreach (var image in images)
            image.Dispose();
    }

    [TestMethod]
    public void Load_asks_whether_to_go_on_and_stops_when_told()
    {
        var rows = 0;
        var many = TestRows.Encoded([.. Enumerable.Repeat((TestRows.Grey(1), 1u), 500)]);
        Assert.ThrowsExactly<OperationCanceledException>(() => new Loaded(many, with => with with { CheckAlive = StopAtHundred }));
        Assert.AreEqual(100, rows);

        void StopAtHundred()
        {
            if (++rows == 100)
                throw new OperationCanceledException();
        }
    }

    [TestMethod]
    public void Load_reports_every_row_that_is_done()
    {
        var done = new List<int>();
        using var loaded = new Loaded(TestRows.Encoded([.. Enumerable.Repeat((TestRows.Grey(1), 1u), 30), ([], 1u)]), with => Skipping(with) with { RowsDone = done.Add });
        Assert.AreSequenceEqual(Enumerable.Range(1, 31), done);
    }

    [TestMethod]
    public void Load_past_the_budget_uses_the_disk_and_leaves_nothing_there()
    {
        var folder = Directory.CreateTempSubdirectory("image-loader-");
        try
        {
            using (var loaded = new Loaded(TestRows.Encoded([.. Enumerable.Range(0, 40).Select(i => (TestRows.Grey(i), 1u))]), with => with with { CacheBudget = 0, TempFolder = folder.FullName }))
            {
                Assert.AreSequenceEqual(Enumerable.Range(0, 40), loaded.Brightness());
                Assert.AreEqual(0, loaded.Images.Pixels.Cache.BytesInMemory);
            }
            Assert.IsEmpty(folder.GetFileSystemInfos());

            Assert.ThrowsExactly<InvalidOperationException>(() => new Loaded(TestRows.Encoded((TestRows.Grey(1), 1), ([], 1)), with => with with { CacheBudget = 0, TempFolder = folder.FullName }));
            Assert.IsEmpty(folder.GetFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Load_creates_no_tensor()
    {
        var before = LiveTensors.Before();
        using var loaded = new Loaded(TestRows.Encoded((TestRows.Grey(1), 1)));
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    static ImageLoading Skipping(ImageLoading loading) => loading with { BadImages = BadImagePolicy.Skip };

    sealed class Loaded(IDataView data, Func<ImageLoading, ImageLoading>? with = null) : IDisposable
    {
        static readonly ImageLoading Default = new() { ImageColumn = "Image", LabelColumn = "Label", Network = new CifarResNet(8), Decoding = TestRows.Decoding };

        public LoadedImages Images { get; } = new ImageLoader(data, with?.Invoke(Default) ?? Default).Load();

        public IEnumerable<long> Labels() => Images.Slots.Select(slot => Images.Labels[slot]);

        /// <summary>The first value of each image.</summary>
        public IEnumerable<int> Brightness() => Images.Slots.Select(slot => (int)Pixels(slot)[0]);

        public byte[] Pixels(int slot)
        {
            var pixels = new byte[Images.Shape.Count];
            Images.Pixels.Read(slot, pixels);
            return pixels;
        }

        public void Dispose() => Images.Dispose();
    }

    sealed class PathRow
    {
        public string Path = "";

        [KeyType(3)]
        public uint Label;
    }
}
