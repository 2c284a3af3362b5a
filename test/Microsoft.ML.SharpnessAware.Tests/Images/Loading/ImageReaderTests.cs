using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ImageReaderTests
{
    static readonly ImageShape Small = new(3, 2, 2);

    [TestMethod]
    public void TryDecode_of_each_file_format_gives_its_colors()
    {
        (int, int, int) Color(int x, int y) => (10 * x, 20 * y, 30);
        byte[] expected = [0, 10, 0, 10, 0, 0, 20, 20, 30, 30, 30, 30];

        Assert.AreSequenceEqual(expected, Decoded(TestRows.Encoded((TestImages.Png(2, 2, Color), 1)), Small));
        Assert.AreSequenceEqual(expected, Decoded(TestRows.Encoded((TestImages.Bmp(2, 2, Color), 1)), Small));
    }

    [TestMethod]
    public void TryDecode_of_a_JPEG_gives_its_color()
    {
        var pixels = Decoded(TestRows.Encoded((TestImages.Jpeg, 1)), new ImageShape(3, 8, 8));
        for (var i = 0; i < pixels.Length; i++)
            Assert.AreEqual(i < 64 ? 200 : i < 128 ? 60 : 30, pixels[i], 3.0, "JPEG rounds colors"); // quality 75
    }

    [TestMethod]
    public void TryDecode_of_a_transparent_PNG_lays_it_over_white()
    {
        var file = TestImages.TransparentPng(2, 1, (x, _) => x == 0 ? (200, 100, 50, 128) : (9, 9, 9, 0));
        var pixels = Decoded(TestRows.Encoded((file, 1)), new ImageShape(3, 1, 2));

        // v · 128/255 + 255 · 127/255; decoders round the first part in ways of their own.
        Near.Equal([227, 255, 177, 255, 152, 255], Array.ConvertAll(pixels, value => (double)value), 1);
    }

    [TestMethod]
    public void TryDecode_of_a_JPEG_with_four_inks_gives_the_color_that_they_print()
    {
        var pixels = Decoded(TestRows.Encoded((TestImages.CmykJpeg, 1)), new ImageShape(3, 8, 8));
        for (var i = 0; i < pixels.Length; i++)
            Assert.AreEqual(i < 64 ? 200 : i < 128 ? 60 : 30, pixels[i], 3.0, "JPEG rounds colors"); // quality 75
    }

    [TestMethod]
    public void TryDecode_of_a_PNG_of_sixteen_bits_keeps_the_upper_eight()
    {
        var file = TestImages.DeepGreyPng(2, 2, (x, y) => (ushort)(0x1234 + 0x4000 * x + 0x8000 * y));
        var pixels = Decoded(TestRows.Encoded((file, 1)), Small);

        // Decoders may round, or not.
        Near.Equal([0x12, 0x52, 0x92, 0xD2, 0x12, 0x52, 0x92, 0xD2, 0x12, 0x52, 0x92, 0xD2], Array.ConvertAll(pixels, value => (double)value), 1);
    }

    [TestMethod]
    public void TryDecode_of_grey_to_three_channels_repeats_it()
    {
        var file = TestImages.GreyPng(2, 2, (x, y) => 10 + x + 2 * y);
        Assert.AreSequenceEqual<byte>([10, 11, 12, 13, 10, 11, 12, 13, 10, 11, 12, 13], Decoded(TestRows.Encoded((file, 1)), Small));
    }

    [TestMethod]
    public void TryDecode_of_a_PNG_with_a_palette_looks_its_colors_up()
    {
        var file = TestImages.PalettePng(2, 2, [(1, 2, 3), (40, 50, 60), (9, 9, 9)], (x, y) => x + y);
        Assert.AreSequenceEqual<byte>([1, 40, 40, 255, 2, 50, 50, 255, 3, 60, 60, 255], Decoded(TestRows.Encoded((file, 1)), Small), "what is invisible is white");
    }

    [TestMethod]
    public void TryDecode_of_an_animation_takes_the_first_picture()
    {
        Assert.AreSequenceEqual<byte>([255, 0, 0, 0, 0, 255], Decoded(TestRows.Encoded((TestImages.AnimatedGif, 1)), new ImageShape(3, 1, 2)));
    }

    [TestMethod]
    public void TryDecode_refuses_more_pixels_than_the_limit_and_takes_as_many()
    {
        var data = TestRows.Encoded((TestImages.LargePng(2000, 1000), 1), (TestImages.LargePng(2008, 1000), 1));
        var cells = Cells(data, maxMegapixels: 2);

        Assert.IsTrue(cells[0].TryDecode(Small, new byte[Small.Count], out var fault), fault);
        Assert.IsFalse(cells[1].TryDecode(Small, new byte[Small.Count], out fault));
        Assert.AreEqual("it says that it has 2008×1000 pixels, more than the 2 megapixels that MaxMegapixels allows", fault);
    }

    [TestMethod]
    public void TryDecode_of_a_small_file_of_very_many_pixels_is_refused()
    {
        // Whole and sound: nothing but its size is wrong.
        var file = TestImages.LargePng(20_000, 20_000);
        Assert.IsLessThan(1_000_000, file.Length);

        Assert.IsFalse(Cells(TestRows.Encoded((file, 1))).Single().TryDecode(Small, new byte[Small.Count], out var fault));
        Assert.AreEqual("it says that it has 20000×20000 pixels, more than the 200 megapixels that MaxMegapixels allows", fault);
    }

    [TestMethod]
    public void TryDecode_of_an_MLImage_reads_its_pixel_format()
    {
        byte[] pixels = [1, 2, 3, 255, 4, 5, 6, 255];
        using var bgra = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, pixels);
        using var rgba = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, pixels);

        Assert.AreSequenceEqual<byte>([3, 6, 2, 5, 1, 4], Decoded(TestRows.Decoded((bgra, 1)), new ImageShape(3, 1, 2)));
        Assert.AreSequenceEqual<byte>([1, 4, 2, 5, 3, 6], Decoded(TestRows.Decoded((rgba, 1)), new ImageShape(3, 1, 2)));
    }

    [TestMethod]
    public void TryDecode_of_floats_keeps_them()
    {
        var image = Enumerable.Range(0, 24).Select(i => i / 7f).ToArray();
        var data = TestRows.Floats((image, 1));

        Assert.AreEqual(ScalarType.Float32, ImageReader.For(data.ImageColumn(), TestRows.Decoding).Element);
        Assert.AreSequenceEqual(image, MemoryMarshal.Cast<byte, float>(Decoded(data, new ImageShape(3, 2, 4))).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(BadRows))]
    public void TryDecode_of_a_bad_image_says_why(IDataView data, string reason)
    {
        var pixels = new byte[1000];
        Assert.IsFalse(Cells(data).Single().TryDecode(new ImageShape(3, 2, 4), pixels, out var fault));
        Assert.AreEqual(reason, fault);
    }

    static IEnumerable<object[]> BadRows =>
    [
        [TestRows.Encoded(([], 1)), "it has 0 bytes"],
        [TestRows.Encoded((TestImages.Jpeg[..200], 1)), "it ends too early, after 200 bytes"],
        [TestRows.Encoded(("<html>not found</html>"u8.ToArray(), 1)), "its bytes are no image that can be decoded; they begin with \"<html>not fo\""],
        [TestRows.Encoded(([.. "RIFF"u8, 30, 0, 0, 0, .. "WEBPVP8L"u8, .. new byte[18]], 1)), "its bytes are no image that can be decoded; they begin with 524946461E00000057454250"],
        [TestRows.Encoded(([.. TestImages.Jpeg[..2], 0xFF, 0xD9], 1)), "its bytes are no image that can be decoded; they begin with FFD8FFD9"],
        [TestRows.Encoded(([.. "GIF89a"u8, 2, 0, 1, 0, 0, 0, 0, 0x3B], 1)), "its bytes are no image that can be decoded; they begin with 474946383961020001000000"],
        [TestRows.Decoded((null!, 1)), "there is no image"],
        [TestRows.Floats(([.. new float[23], float.NaN], 1)), "its value at index 23 is NaN"],
    ];

    [TestMethod]
    public void TryDecode_of_a_missing_file_says_which()
    {
        var ml = new MLContext();
        var path = Path.Combine(Path.GetTempPath(), "no-such-folder", "no-such-image.png");
        var paths = ml.Data.LoadFromEnumerable([new PathRow { Path = path }]);
        var data = ml.Transforms.LoadRawImageBytes("Image", imageFolder: null, "Path").Fit(paths).Transform(paths);

        Assert.IsFalse(Cells(data).Single().TryDecode(Small, new byte[Small.Count], out var fault));
        Assert.Contains(path, fault);
    }

    [TestMethod]
    public void OwnShape_is_that_of_the_image()
    {
        var cells = Cells(TestRows.Encoded((TestImages.Jpeg, 1), (TestImages.GreyPng(5, 3, (x, _) => x), 1)));
        Assert.AreSequenceEqual([new ImageShape(3, 8, 8), new ImageShape(1, 3, 5)], cells.Select(OwnShape));
    }

    [TestMethod]
    public void For_a_column_without_images_is_refused()
    {
        var data = new MLContext().Data.LoadFromEnumerable([new PathRow()]);
        var error = Assert.ThrowsExactly<ArgumentException>(() => ImageReader.For(data.Schema["Path"], TestRows.Decoding));
        Assert.AreEqual("Cannot read images from column 'Path': expected encoded images (vector of bytes), images (MLImage), or pixels (known-size vector of Single), but got String.", error.Message);
    }

    static ImageCell[] Cells(IDataView data, int maxMegapixels = 200)
    {
        var reader = ImageReader.For(data.ImageColumn(), TestRows.Decoding with { MaxMegapixels = maxMegapixels });
        using var cursor = reader.Cursor(data, [data.ImageColumn()]);
        var take = reader.Open(cursor, data.ImageColumn());
        var cells = new List<ImageCell>();
        while (cursor.MoveNext())
            cells.Add(take());
        return [.. cells];
    }

    static ImageShape? OwnShape(ImageCell cell)
    {
        using var image = cell.Decode();
        return image.OwnShape();
    }

    static byte[] Decoded(IDataView data, ImageShape shape)
    {
        var pixels = new byte[shape.BytesAs(ImageReader.For(data.ImageColumn(), TestRows.Decoding).Element)];
        Assert.IsTrue(Cells(data).Single().TryDecode(shape, pixels, out var fault), fault);
        return pixels;
    }

    sealed class PathRow
    {
        public string Path = "";
    }
}
