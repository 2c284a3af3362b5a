using System.Buffers.Binary;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class DeclaredSizeTests
{
    static IEnumerable<object[]> Files =>
    [
        [TestImages.Png(3, 2, (x, y) => (x, y, 0)), 3L, 2L],
        [TestImages.LargePng(20_000, 16), 20_000L, 16L],
        [TestImages.Jpeg, 8L, 8L],
        [TestImages.ProgressiveJpeg, 16L, 8L],
        [TestImages.CmykJpeg, 8L, 8L],
        [TestImages.WithOrientation(TestImages.ProgressiveJpeg, 6), 16L, 8L],
        [WithThumbnail(TestImages.ProgressiveJpeg), 16L, 8L],
        [TestImages.AnimatedGif, 2L, 1L],
        [TestImages.Bmp(5, 7, (_, _) => (0, 0, 0)), 5L, 7L],
        [Bmp(headerSize: 40, 20_000, -10_000), 20_000L, 10_000L],
        [Bmp(headerSize: 12, 300, 200), 300L, 200L],
        [WebP("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 0x20, 0x4E, 0x10, 0x27]), 0x0E20L, 0x2710L],
        [WebP("VP8L", [0x2F, 0xFF, 0xC0, 0x01, 0, 0, 0, 0, 0, 0]), 256L, 8L],
        [WebP("VP8X", [0, 0, 0, 0, 0x1F, 0x4E, 0, 0x0F, 0x27, 0]), 20_000L, 10_000L],
    ];

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Of_each_file_format_is_what_the_header_says(byte[] file, long width, long height) =>
        Assert.AreEqual(new DeclaredSize(width, height), DeclaredSize.Of(file));

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Of_a_file_cut_anywhere_is_the_size_or_nothing(byte[] file, long width, long height)
    {
        for (var length = 0; length < Math.Min(file.Length, 1000); length++)
            Assert.IsTrue(DeclaredSize.Of(file.AsSpan(0, length)) is not { } size || size == new DeclaredSize(width, height), $"{length} bytes");
    }

    [TestMethod]
    public void Of_what_is_no_image_is_nothing()
    {
        Assert.IsNull(DeclaredSize.Of([]));
        Assert.IsNull(DeclaredSize.Of("<html><body>this is not an image</body></html>"u8));
        Assert.IsNull(DeclaredSize.Of([.. "RIFF"u8, 0, 0, 0, 0, .. "WAVEfmt "u8, .. new byte[30]]), "a sound");
        Assert.IsNull(DeclaredSize.Of(WebP("VP8Q", new byte[10])));
    }

    [TestMethod]
    public void Pixels_of_the_largest_numbers_do_not_overflow()
    {
        var file = TestImages.Png(1, 1, (_, _) => (0, 0, 0));
        file.AsSpan(16, 8).Fill(0xFF);
        Assert.AreEqual(18446744065119617025m, DeclaredSize.Of(file)!.Value.Pixels);
    }

    // One that says 160×120 itself, in a segment that is to be passed over.
    static byte[] WithThumbnail(byte[] jpeg)
    {
        byte[] thumbnail = [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0, 120, 0, 160, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1, 0xFF, 0xD9];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(2 + thumbnail.Length), .. thumbnail, .. jpeg[2..]];
    }

    static byte[] Bmp(int headerSize, int width, int height)
    {
        var file = new byte[54];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), headerSize);
        if (headerSize == 12)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), (ushort)width);
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(20), (ushort)height);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        }
        return file;
    }

    static byte[] WebP(string chunk, byte[] content) =>
        [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. System.Text.Encoding.ASCII.GetBytes(chunk), 10, 0, 0, 0, .. content];
}
