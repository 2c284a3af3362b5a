using System.Buffers.Binary;
using System.IO.Compression;

namespace FashionMnist;

/// <summary>Writes PNG files of one grey byte a pixel. https://www.w3.org/TR/png-3/</summary>
static class GreyPng
{
    static readonly uint[] CrcOfByte = [.. Enumerable.Range(0, 256).Select(value => Shift((uint)value, 8))];

    static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>The file's bytes, from the grey levels of all rows, the top one first.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, Header(width, pixels.Length / width));
        WriteChunk(file, "IDAT"u8, Compressed(pixels, width));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    static byte[] Header(int width, int height)
    {
        const byte BitsPerPixel = 8, Grey = 0, Deflate = 0, AdaptiveFilters = 0, NotInterlaced = 0;
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        ReadOnlySpan<byte> format = [BitsPerPixel, Grey, Deflate, AdaptiveFilters, NotInterlaced];
        format.CopyTo(header.AsSpan(8));
        return header;
    }

    static byte[] Compressed(ReadOnlySpan<byte> pixels, int width)
    {
        const byte NoFilter = 0;
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest))
            for (var row = 0; row < pixels.Length; row += width)
            {
                deflate.WriteByte(NoFilter);
                deflate.Write(pixels.Slice(row, width));
            }
        return data.ToArray();
    }

    static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(data, Crc(type, uint.MaxValue)));
        file.Write(number);
    }

    static uint Crc(ReadOnlySpan<byte> data, uint crc)
    {
        foreach (var value in data)
            crc = CrcOfByte[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    static uint Shift(uint crc, int bits)
    {
        const uint Polynomial = 0xEDB88320;
        for (; bits > 0; bits--)
            crc = (crc & 1) == 0 ? crc >> 1 : Polynomial ^ (crc >> 1);
        return crc;
    }
}
