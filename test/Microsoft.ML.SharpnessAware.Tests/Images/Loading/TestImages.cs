using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Small image files, written here so that tests need none on disk.</summary>
static class TestImages
{
    /// <summary>8×8 pixels of the color (200, 60, 30).</summary>
    public static byte[] Jpeg => Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIy" +
        "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA" +
        "/8QAFQEBAQAAAAAAAAAAAAAAAAAABgf/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCCAOKA/9k=");

    /// <summary>40×37 pixels of which no two are alike, in much more than a header.</summary>
    public static byte[] NoiseJpeg => JpegOf(40, 37, (x, y) => ((x * 7919 + y * 104_729) % 251, 6 * x, 6 * y));

    /// <summary>16×8 grey pixels, brighter by 16 from column to column, in several passes.</summary>
    public static byte[] ProgressiveJpeg => Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wgALCAAIABABAREA/8QAFQABAQAAAAAA" +
        "AAAAAAAAAAAABgf/2gAIAQEAAAABN0D/xAAVEAEBAAAAAAAAAAAAAAAAAAAABP/aAAgBAQABBQKNG//EABUQAQEAAAAAAAAAAAAAAAAAAAAB/9oACAEBAAY/Aoj/xAAUEAEAAAAAAAAAAAAAAAAAAAAQ" +
        "/9oACAEBAAE/IQP/2gAIAQEAAAAQP//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEAAT8QK//Z");

    /// <summary>8×8 pixels of four inks, which print the color (200, 60, 30); inverted, as Adobe's programs write them.</summary>
    public static byte[] CmykJpeg => Convert.FromBase64String(
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAIBgYHBgUIBwcHCQkICgwUDQwLCwwZEhMPFB0aHx4dGhwcICQuJyAiLCMcHCg3KSwwMTQ0NB8nOT04MjwuMzQy/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABQAAQAA" +
        "AAAAAAAAAAAAAAAAAAf/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AEgdh0/v/9k=");

    /// <summary>Two pixels, red and blue, then two of blue: a GIF of two frames.</summary>
    public static byte[] AnimatedGif =>
    [
        .. "GIF89a"u8, 2, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255,
        0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0,
        0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x4C, 0x0A, 0, 0x3B,
    ];

    /// <summary>The JPEG with EXIF data that say how to hold the camera: 1 upright, 6 a quarter turn to the right.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif = [.. "Exif"u8, 0, 0, .. Exif(orientation)];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(2 + exif.Length), .. exif, .. jpeg[2..]];
    }

    /// <summary>The WebP of that size, which has no EXIF data yet, with the same EXIF data.</summary>
    public static byte[] WebPWithOrientation(byte[] webp, int width, int height, byte orientation)
    {
        byte[] exif = Exif(orientation);
        byte[] header = [.. "VP8X"u8, 10, 0, 0, 0, 0b1000, 0, 0, 0, (byte)(width - 1), 0, 0, (byte)(height - 1), 0, 0];
        byte[] content = [.. "WEBP"u8, .. header, .. webp[12..], .. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(content.Length), .. content];
    }

    /// <summary>A PNG with two bytes for each brightness.</summary>
    public static byte[] DeepGreyPng(int width, int height, Func<int, int, ushort> brightness) =>
        Png(width, height, colorType: 0, (x, y) => [(byte)(brightness(x, y) >> 8), (byte)brightness(x, y)], bits: 16);

    /// <summary>A PNG with the number of one of its colors in each pixel; the last color is invisible.</summary>
    public static byte[] PalettePng(int width, int height, (int Red, int Green, int Blue)[] colors, Func<int, int, int> color)
    {
        byte[] palette = [.. colors.SelectMany(c => new[] { (byte)c.Red, (byte)c.Green, (byte)c.Blue })];
        byte[] opacity = [.. Enumerable.Repeat((byte)255, colors.Length - 1), 0];
        return Png(width, height, colorType: 3, (x, y) => [(byte)color(x, y)], more: [.. Chunk("PLTE"u8, palette), .. Chunk("tRNS"u8, opacity)]);
    }

    /// <summary>A black PNG with one bit for each pixel, eight of which are written at a time: the width is a multiple of eight.</summary>
    public static byte[] LargePng(int width, int height) => Png(width, height, colorType: 0, (x, _) => x % 8 == 0 ? [0] : [], bits: 1);

    /// <summary>A PNG of these colors; x goes right, y down.</summary>
    public static byte[] Png(int width, int height, Func<int, int, (int Red, int Green, int Blue)> color) =>
        Png(width, height, colorType: 2, (x, y) => color(x, y) is var c ? [(byte)c.Red, (byte)c.Green, (byte)c.Blue] : []);

    /// <summary>A PNG with one brightness per pixel.</summary>
    public static byte[] GreyPng(int width, int height, Func<int, int, int> brightness) =>
        Png(width, height, colorType: 0, (x, y) => [(byte)brightness(x, y)]);

    /// <summary>A PNG with opacity: 255 is solid, 0 invisible.</summary>
    public static byte[] TransparentPng(int width, int height, Func<int, int, (int Red, int Green, int Blue, int Opacity)> color) =>
        Png(width, height, colorType: 6, (x, y) => color(x, y) is var c ? [(byte)c.Red, (byte)c.Green, (byte)c.Blue, (byte)c.Opacity] : []);

    /// <summary>An uncompressed BMP of 24 bits a pixel.</summary>
    public static byte[] Bmp(int width, int height, Func<int, int, (int Red, int Green, int Blue)> color)
    {
        const int HeaderSize = 54;
        var stride = (3 * width + 3) / 4 * 4;
        var file = new byte[HeaderSize + stride * height];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), HeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (red, green, blue) = color(x, y);
                byte[] pixel = [(byte)blue, (byte)green, (byte)red];
                pixel.CopyTo(file, HeaderSize + (height - 1 - y) * stride + 3 * x);
            }
        return file;
    }

    /// <summary>A WebP of either kind.</summary>
    public static byte[] WebP(int width, int height, Func<int, int, (int Red, int Green, int Blue)> color, bool lossless)
    {
        using var bitmap = Bitmap(width, height, color);
        using var pixels = bitmap.PeekPixels();
        using var file = pixels.Encode(new SKWebpEncoderOptions(lossless ? SKWebpEncoderCompression.Lossless : SKWebpEncoderCompression.Lossy, quality: 80));
        return file.ToArray();
    }

    /// <summary>A JPEG of the highest quality.</summary>
    public static byte[] JpegOf(int width, int height, Func<int, int, (int Red, int Green, int Blue)> color)
    {
        using var bitmap = Bitmap(width, height, color);
        using var file = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        return file.ToArray();
    }

    // A TIFF header and one entry, Orientation.
    static byte[] Exif(byte orientation) => [.. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];

    static SKBitmap Bitmap(int width, int height, Func<int, int, (int Red, int Green, int Blue)> color)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (red, green, blue) = color(x, y);
                bitmap.SetPixel(x, y, new SKColor((byte)red, (byte)green, (byte)blue));
            }
        return bitmap;
    }

    static byte[] Png(int width, int height, byte colorType, Func<int, int, byte[]> pixel, byte bits = 8, byte[]? more = null)
    {
        byte[] header = [.. BigEndian(width), .. BigEndian(height), bits, colorType, 0, 0, 0];
        return [0x89, .. "PNG\r\n\x1A\n"u8, .. Chunk("IHDR"u8, header), .. more ?? [], .. Chunk("IDAT"u8, Deflated(width, height, pixel)), .. Chunk("IEND"u8, [])];
    }

    static byte[] Deflated(int width, int height, Func<int, int, byte[]> pixel)
    {
        using var result = new MemoryStream();
        using (var zlib = new ZLibStream(result, CompressionLevel.Fastest))
            for (var y = 0; y < height; y++)
            {
                const byte NoFilter = 0;
                zlib.WriteByte(NoFilter);
                for (var x = 0; x < width; x++)
                    zlib.Write(pixel(x, y));
            }
        return result.ToArray();
    }

    static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] content = [.. type, .. data];
        return [.. BigEndian(data.Length), .. content, .. BigEndian((int)Crc32(content))];
    }

    static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
