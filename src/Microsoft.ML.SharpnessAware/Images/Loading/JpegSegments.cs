using System.Buffers.Binary;

namespace Microsoft.ML.SharpnessAware;

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
