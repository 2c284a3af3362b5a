using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Small image files, written here so that tests need none on disk.</summary>
static class TestImages
{
    /// <summary>8×8 pixels of the color (200, 60, 30).</summary>
    public static byte[] Jpeg => Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIy" +
        "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA" +
        "/8QAFQEBAQAAAAAAAAAAAAAAAAAABgf/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCCAOKA/9k=");

    /// <summary>16×8 grey pixels, brighter by 16 from column to column, in several passes.</summary>
    public static byte[] ProgressiveJpeg => Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wgALCAAIABABAREA/8QAFQABAQAAAAAA" +
        "AAAAAAAAAAAABgf/2gAIAQEAAAABN0D/xAAVEAEBAAAAAAAAAAAAAAAAAAAABP/aAAgBAQABBQKNG//EABUQAQEAAAAAAAAAAAAAAAAAAAAB/9oACAEBAAY/Aoj/xAAUEAEAAAAAAAAAAAAAAAAAAAAQ" +
        "/9oACAEBAAE/IQP/2gAIAQEAAAAQP//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEAAT8QK//Z");

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

    static byte[] Png(int width, int height, byte colorType, Func<int, int, byte[]> pixel)
    {
        byte[] header = [.. BigEndian(width), .. BigEndian(height), 8, colorType, 0, 0, 0];
        return [0x89, .. "PNG\r\n\x1A\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, Deflated(width, height, pixel)), .. Chunk("IEND"u8, [])];
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
