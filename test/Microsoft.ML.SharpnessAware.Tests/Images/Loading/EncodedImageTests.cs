using System.Buffers.Binary;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class EncodedImageTests
{
    static readonly Dictionary<string, byte[]> Files = new()
    {
        ["JPEG"] = TestImages.Jpeg,
        ["larger JPEG"] = TestImages.NoiseJpeg,
        ["progressive JPEG"] = TestImages.ProgressiveJpeg,
        ["CMYK JPEG"] = TestImages.CmykJpeg,
        ["PNG"] = TestImages.Png(9, 5, Noise),
        ["grey PNG"] = TestImages.GreyPng(9, 5, (x, y) => 20 * x + y),
        ["PNG of sixteen bits"] = TestImages.DeepGreyPng(3, 2, (x, y) => (ushort)(10_000 * x + 300 * y)),
        ["PNG with a palette"] = TestImages.PalettePng(2, 2, [(1, 2, 3), (40, 50, 60), (9, 9, 9)], (x, y) => x + y),
        ["transparent PNG"] = TestImages.TransparentPng(4, 3, (x, y) => (200, 100 * y, 50, 80 * x)),
        ["GIF"] = TestImages.AnimatedGif,
        ["BMP"] = TestImages.Bmp(9, 5, Noise),
        ["lossy WebP"] = TestImages.WebP(40, 37, Noise, lossless: false),
        ["lossless WebP"] = TestImages.WebP(40, 37, Noise, lossless: true),
    };

    static IEnumerable<string> Formats => Files.Keys;

    [TestMethod]
    [DynamicData(nameof(Formats))]
    public void Decode_of_each_file_format_gives_the_pixels_of_MLImage(string format)
    {
        var file = Files[format];
        using var image = MLImage.CreateFromStream(new MemoryStream(file));
        using var expected = Picture.CopyOf(image);

        using var picture = Encoded(file).Decode();

        var shape = new ImageShape(3, image.Height, image.Width);
        Assert.AreEqual(expected.OwnShape(), picture.OwnShape());
        Assert.AreSequenceEqual(Pixels(expected, shape), Pixels(picture, shape));
    }

    [TestMethod]
    [DynamicData(nameof(Formats))]
    public void Decode_of_a_file_cut_anywhere_is_refused_or_lacks_no_pixel(string format)
    {
        var file = Files[format];
        using var whole = Encoded(file).Decode();
        var shape = whole.OwnShape()!;
        var refused = 0;
        for (var length = 0; length < file.Length; length++)
            try
            {
                using var cut = Encoded(file[..length]).Decode();
                Assert.AreSequenceEqual(Pixels(whole, shape), Pixels(cut, shape), $"{length} bytes");
            }
            catch (BadImageException)
            {
                refused++;
            }

        // The rest is what follows on the pixels: checksums, end markers, a second picture.
        Assert.IsGreaterThanOrEqualTo(file.Length - 25, refused);
    }

    [TestMethod]
    [DynamicData(nameof(Truncated))]
    public void Decode_of_a_truncated_file_says_so(string format, byte[] file, string reason) =>
        Assert.AreEqual(reason, Assert.ThrowsExactly<BadImageException>(() => Encoded(file).Decode(), format).Message);

    static IEnumerable<object[]> Truncated =>
    [
        ["empty", Array.Empty<byte>(), "it has 0 bytes"],
        ["JPEG, in its header", TestImages.Jpeg[..200], "it ends too early, after 200 bytes"],
        ["JPEG", TestImages.NoiseJpeg[..700], "it ends too early, after 700 bytes"],
        ["progressive JPEG", TestImages.ProgressiveJpeg[..200], "it is damaged or ends too early, after 200 bytes"],
        ["PNG", TestImages.Png(9, 5, Noise)[..60], "it ends too early, after 60 bytes"],
        ["GIF", TestImages.AnimatedGif[..31], "it ends too early, after 31 bytes"],
        ["BMP, in its header", TestImages.Bmp(9, 5, Noise)[..40], "it ends too early, after 40 bytes"],
        ["BMP", TestImages.Bmp(9, 5, Noise)[..100], "it ends too early, after 100 bytes"],
        ["lossy WebP, in the first half", TestImages.WebP(40, 37, Noise, lossless: false)[..100], "it is damaged or ends too early, after 100 bytes"],
        ["lossless WebP, in the second half", TestImages.WebP(40, 37, Noise, lossless: true)[..^50], $"it ends too early, after {TestImages.WebP(40, 37, Noise, lossless: true).Length - 50} bytes"],
    ];

    [TestMethod]
    public void Decode_of_a_damaged_PNG_is_refused()
    {
        var file = TestImages.Png(9, 5, Noise);
        file[60] ^= 0x55;
        Assert.AreEqual($"it is damaged or ends too early, after {file.Length} bytes", Assert.ThrowsExactly<BadImageException>(() => Encoded(file).Decode()).Message);
    }

    // They have no pixels: whoever decoded before looking at the size would say that they end too early.
    static IEnumerable<object[]> TooLarge =>
    [
        ["PNG", TestImages.LargePng(20_000, 20_000)[..60], "20000×20000"],
        ["BMP", Bmp(20_000, -10_001), "20000×10001"],
        ["GIF", Gif(ushort.MaxValue, ushort.MaxValue), "65535×65535"],
        ["lossless WebP", LosslessWebP(), "16384×16384"],
        ["JPEG", Jpeg(20_000, 30_000), "20000×30000"],
    ];

    [TestMethod]
    [DynamicData(nameof(TooLarge))]
    public void Decode_refuses_too_many_pixels_by_the_header_alone(string format, byte[] file, string size)
    {
        var bad = Assert.ThrowsExactly<BadImageException>(() => Encoded(file).Decode(), format);
        Assert.AreEqual($"it says that it has {size} pixels, more than the 200 megapixels that MaxMegapixels allows", bad.Message);
    }

    // What "ABC DEF" is stored as: EXIF's Orientation says on which sides of it the first stored line and column lie.
    [TestMethod]
    [DataRow((byte)1, "ABC DEF")] // top, left
    [DataRow((byte)2, "CBA FED")] // top, right
    [DataRow((byte)3, "FED CBA")] // bottom, right
    [DataRow((byte)4, "DEF ABC")] // bottom, left
    [DataRow((byte)5, "AD BE CF")] // left, top
    [DataRow((byte)6, "CF BE AD")] // right, top
    [DataRow((byte)7, "FC EB DA")] // right, bottom
    [DataRow((byte)8, "DA EB FC")] // left, bottom
    public void Decode_turns_the_image_upright_by_each_orientation_where_it_shall(byte orientation, string stored)
    {
        var lines = stored.Split(' ');
        var (width, height) = (lines[0].Length * Block, lines.Length * Block);
        (int, int, int) Brightness(int x, int y) => lines[y / Block][x / Block] - 'A' is var letter ? (40 * letter, 40 * letter, 40 * letter) : default;

        foreach (var file in new[]
        {
            TestImages.WithOrientation(TestImages.JpegOf(width, height, Brightness), orientation),
            TestImages.WebPWithOrientation(TestImages.WebP(width, height, Brightness, lossless: true), width, height, orientation),
        })
        {
            Assert.AreEqual("ABC DEF", Letters(file, TestRows.Decoding));
            Assert.AreEqual(stored, Letters(file, TestRows.Decoding with { ApplyExifOrientation = false }));
        }
    }

    // One that JPEG encodes alone.
    const int Block = 16;

    static string Letters(byte[] file, ImageDecoding decoding)
    {
        using var picture = new EncodedImage(file, decoding).Decode();
        var shape = picture.OwnShape()! with { Channels = 3 };
        var pixels = Pixels(picture, shape);
        return string.Join(' ', Enumerable.Range(0, shape.Height / Block).Select(y => string.Concat(Enumerable.Range(0, shape.Width / Block).Select(x => Letter(x, y)))));

        char Letter(int x, int y) => (char)('A' + (int)Math.Round(pixels[(y * Block + Block / 2) * shape.Width + x * Block + Block / 2] / 40.0));
    }

    static EncodedImage Encoded(byte[] file) => new(file, TestRows.Decoding);

    static byte[] Pixels(DecodedImage image, ImageShape shape)
    {
        var pixels = new byte[shape.Count];
        image.WriteTo(shape, pixels);
        return pixels;
    }

    static (int, int, int) Noise(int x, int y) => ((x * 7919 + y * 104_729) % 251, 6 * x, 6 * y);

    static byte[] Bmp(int width, int height)
    {
        var file = TestImages.Bmp(1, 1, Noise)[..54];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        return file;
    }

    static byte[] Gif(ushort width, ushort height)
    {
        var file = TestImages.AnimatedGif;
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(6), width);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), height);
        return file[..30];
    }

    static byte[] Jpeg(ushort width, ushort height)
    {
        var file = TestImages.Jpeg;
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), width);
        return file[..^4];
    }

    // Fourteen bits of width - 1, and as many of height - 1: RFC 9649, 3.4.
    static byte[] LosslessWebP() => [.. "RIFF"u8, 40, 0, 0, 0, .. "WEBPVP8L"u8, 20, 0, 0, 0, 0x2F, 0xFF, 0xFF, 0xFF, 0x0F, .. new byte[20]];
}
