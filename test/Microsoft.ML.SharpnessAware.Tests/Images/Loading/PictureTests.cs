using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class PictureTests
{
    static readonly byte[] TwoPixels = [10, 20, 30, 255, 0, 0, 0, 255];

    [TestMethod]
    [DataRow(MLPixelFormat.Rgba32, new byte[] { 10, 0, 20, 0, 30, 0 })]
    [DataRow(MLPixelFormat.Bgra32, new byte[] { 30, 0, 20, 0, 10, 0 })]
    public void WriteTo_three_channels_writes_red_green_and_blue_planes(MLPixelFormat format, byte[] expected) =>
        Assert.AreSequenceEqual(expected, Written(PictureOf(TwoPixels, 2, 1, format), new ImageShape(3, 1, 2)));

    [TestMethod]
    [DataRow(MLPixelFormat.Rgba32, (byte)18)] // 2.99 + 11.74 + 3.42
    [DataRow(MLPixelFormat.Bgra32, (byte)22)] // 8.97 + 11.74 + 1.14
    public void WriteTo_one_channel_writes_the_luma(MLPixelFormat format, byte expected) =>
        Assert.AreSequenceEqual([expected, (byte)0], Written(PictureOf(TwoPixels, 2, 1, format), new ImageShape(1, 1, 2)));

    [TestMethod]
    public void WriteTo_one_channel_keeps_every_grey()
    {
        var greys = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var pixels = greys.SelectMany(grey => new byte[] { grey, grey, grey, 255 }).ToArray();
        Assert.AreSequenceEqual(greys, Written(PictureOf(pixels, 16, 16, MLPixelFormat.Bgra32), new ImageShape(1, 16, 16)));
    }

    [TestMethod]
    public void WriteTo_lays_transparent_pixels_over_white()
    {
        // Red at half opacity, multiplied already; invisible; and solid.
        byte[] pixels = [128, 0, 0, 128, 0, 0, 0, 0, 9, 9, 9, 255];
        Assert.AreSequenceEqual<byte>([255, 255, 9, 127, 255, 9, 127, 255, 9], Written(PictureOf(pixels, 3, 1, MLPixelFormat.Rgba32), new ImageShape(3, 1, 3)));
    }

    [TestMethod]
    public void WriteTo_another_size_scales_each_channel_alone()
    {
        byte[] pixels = [100, 50, 0, 255, 200, 150, 0, 255, 100, 50, 0, 255, 200, 150, 0, 255];
        Assert.AreSequenceEqual<byte>([150, 100, 0], Written(PictureOf(pixels, 2, 2, MLPixelFormat.Rgba32), new ImageShape(3, 1, 1)));
    }

    [TestMethod]
    public void WriteTo_of_a_tall_picture_takes_no_memory_for_all_lines_in_the_new_width()
    {
        var bitmap = new SKBitmap(new SKImageInfo(1, 200_000, SKColorType.Rgba8888, SKAlphaType.Premul));
        bitmap.Erase(new SKColor(77, 77, 77));
        using var picture = new Picture(bitmap, new Orientation(SKEncodedOrigin.TopLeft));
        var pixels = new byte[224 * 224];
        var before = GC.GetAllocatedBytesForCurrentThread();

        picture.WriteTo(new ImageShape(1, 224, 224), pixels);

        Assert.IsLessThan(5_000_000L, GC.GetAllocatedBytesForCurrentThread() - before, "two weights for each line; all lines would have 179 MB");
        Assert.IsTrue(pixels.All(pixel => pixel == 77));
    }

    [TestMethod]
    public void OwnShape_has_one_channel_where_all_is_grey()
    {
        using var color = PictureOf(TwoPixels, 2, 1, MLPixelFormat.Rgba32);
        using var grey = PictureOf([7, 7, 7, 255, 8, 8, 8, 9], 1, 2, MLPixelFormat.Rgba32);
        Assert.AreEqual(new ImageShape(3, 1, 2), color.OwnShape());
        Assert.AreEqual(new ImageShape(1, 2, 1), grey.OwnShape());
    }

    [TestMethod]
    [DataRow(SKEncodedOrigin.BottomRight, 9, 7)]
    [DataRow(SKEncodedOrigin.RightTop, 7, 9)]
    [DataRow(SKEncodedOrigin.LeftBottom, 7, 9)]
    public void WriteTo_another_size_of_a_turned_picture_scales_the_upright_one(SKEncodedOrigin origin, int width, int height)
    {
        var orientation = new Orientation(origin);
        byte[] stored = [.. Enumerable.Range(0, 9 * 7).Select(i => (byte)(i * 71 % 256))];
        var upright = new byte[stored.Length];
        orientation.Turn(stored, new ImageShape(1, height, width), upright);
        var shape = new ImageShape(1, 3, 5);

        var actual = Written(Grey(stored, 9, 7, orientation), shape);

        // Sums in another order may be rounded to the other side.
        var expected = Written(Grey(upright, width, height, new Orientation(SKEncodedOrigin.TopLeft)), shape);
        Near.Equal(Array.ConvertAll(expected, value => (double)value), Array.ConvertAll(actual, value => (double)value), 1);
    }

    static Picture Grey(byte[] values, int width, int height, Orientation orientation)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        for (var i = 0; i < values.Length; i++)
            bitmap.SetPixel(i % width, i / width, new SKColor(values[i], values[i], values[i]));
        return new Picture(bitmap, orientation);
    }

    static Picture PictureOf(byte[] pixels, int width, int height, MLPixelFormat format)
    {
        using var image = MLImage.CreateFromPixels(width, height, format, pixels);
        return Picture.CopyOf(image);
    }

    static byte[] Written(Picture picture, ImageShape shape)
    {
        using var owned = picture;
        var pixels = new byte[shape.Count];
        picture.WriteTo(shape, pixels);
        return pixels;
    }
}
