using System.Buffers.Binary;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The size in pixels that an image file gives in its header, where nothing is decoded yet.</summary>
internal readonly record struct DeclaredSize(long Width, long Height)
{
    public decimal Pixels => (decimal)Width * Height;

    /// <summary>Of a PNG, JPEG, GIF, BMP or WebP; null where the file is none of them, or too short to say.</summary>
    public static DeclaredSize? Of(ReadOnlySpan<byte> file) => file switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => OfPng(file),
        [0xFF, 0xD8, ..] => OfJpeg(file),
        [(byte)'G', (byte)'I', (byte)'F', ..] => OfGif(file),
        [(byte)'B', (byte)'M', ..] => OfBmp(file),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => OfWebP(file),
        _ => null,
    };

    // Its first chunk is IHDR. PNG Specification, 11.2.2.
    static DeclaredSize? OfPng(ReadOnlySpan<byte> file) => file.Length < 24 ? null : new(ReadUInt32BigEndian(file[16..]), ReadUInt32BigEndian(file[20..]));

    // ITU-T T.81, B.2.2.
    static DeclaredSize? OfJpeg(ReadOnlySpan<byte> file)
    {
        var segments = new JpegSegments(file);
        while (segments.MoveNext())
            if (segments.IsFrame)
                return segments.Current.Length < 9 ? null : new(ReadUInt16BigEndian(segments.Current[7..]), ReadUInt16BigEndian(segments.Current[5..]));
        return null;
    }

    // The logical screen. GIF89a, 18.
    static DeclaredSize? OfGif(ReadOnlySpan<byte> file) => file.Length < 10 ? null : new(ReadUInt16LittleEndian(file[6..]), ReadUInt16LittleEndian(file[8..]));

    // The header of 12 bytes has short numbers; in all others they are long, and a height below 0 counts from the top.
    static DeclaredSize? OfBmp(ReadOnlySpan<byte> file)
    {
        if (file.Length < 26)
            return null;
        return ReadInt32LittleEndian(file[14..]) == 12
            ? new(ReadUInt16LittleEndian(file[18..]), ReadUInt16LittleEndian(file[20..]))
            : new(Math.Abs((long)ReadInt32LittleEndian(file[18..])), Math.Abs((long)ReadInt32LittleEndian(file[22..])));
    }

    // One of three kinds of first chunk: RFC 9649, 2.5 to 2.7; of VP8, RFC 6386, 9.1.
    static DeclaredSize? OfWebP(ReadOnlySpan<byte> file)
    {
        const int Bits14 = 0x3FFF;
        const int Bits24 = 0xFFFFFF;
        if (file.Length < 30 || !file[8..].StartsWith("WEBPVP8"u8))
            return null;
        switch (file[15])
        {
            case (byte)' ':
                return new(ReadUInt16LittleEndian(file[26..]) & Bits14, ReadUInt16LittleEndian(file[28..]) & Bits14);
            case (byte)'L':
                var both = ReadUInt32LittleEndian(file[21..]);
                return new(1 + (both & Bits14), 1 + (both >> 14 & Bits14));
            case (byte)'X':
                return new(1 + (ReadUInt32LittleEndian(file[24..]) & Bits24), 1 + (ReadUInt32LittleEndian(file[26..]) >> 8));
            default:
                return null;
        }
    }
}

/// <summary>The segments of a JPEG file, one after the other, without those of a thumbnail inside. ITU-T T.81, B.1.1.</summary>
internal ref struct JpegSegments(ReadOnlySpan<byte> file)
{
    ReadOnlySpan<byte> _rest = file[Start.Length..];

    /// <summary>The bytes with which every JPEG begins.</summary>
    public static ReadOnlySpan<byte> Start => [0xFF, 0xD8];

    /// <summary>From its marker on, as far as the file goes; two bytes at least.</summary>
    public ReadOnlySpan<byte> Current { get; private set; } = default;

    public readonly bool IsEndOfImage => Current[1] == 0xD9;

    /// <summary>Whether it says how large the image is.</summary>
    public readonly bool IsFrame => Current[1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    public bool MoveNext()
    {
        if (_rest.IndexOf((byte)0xFF) is not (>= 0 and var at) || at + 1 >= _rest.Length)
            return false;
        _rest = _rest[at..];
        Current = _rest[..Math.Min(_rest.Length, Length(_rest))];
        _rest = _rest[Current.Length..];
        return true;
    }

    static int Length(ReadOnlySpan<byte> segment) => segment[1] switch
    {
        0xFF => 1, // padding
        0x00 or 0x01 or (>= 0xD0 and <= 0xD8) => 2, // data, or a marker that stands alone
        _ => segment.Length < 4 ? segment.Length : 2 + BinaryPrimitives.ReadUInt16BigEndian(segment[2..]),
    };
}
