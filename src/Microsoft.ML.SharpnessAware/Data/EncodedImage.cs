using System.Buffers.Binary;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What the bytes of an image file tell before they are decoded. Decoders fill in what a truncated file lacks; a training set should not.</summary>
internal static class EncodedImage
{
    static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8];
    static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G'];

    /// <exception cref="BadImageException">The file is empty, or a JPEG or PNG without its end.</exception>
    public static void CheckComplete(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            throw new BadImageException("it has 0 bytes");
        if (file.StartsWith(Jpeg) && !HasEndOfJpeg(file))
            throw new BadImageException($"it is a JPEG that ends too early, after {file.Length} bytes");
        if (file.StartsWith(Png) && file.LastIndexOf("IEND"u8) < 0)
            throw new BadImageException($"it is a PNG that ends too early, after {file.Length} bytes");
    }

    /// <summary>The first bytes, for a message: as text if they are.</summary>
    public static string Beginning(ReadOnlySpan<byte> file)
    {
        var start = file[..Math.Min(file.Length, 12)];
        return start.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Convert.ToHexString(start) : $"\"{System.Text.Encoding.ASCII.GetString(start)}\"";
    }

    // Goes from marker to marker, so that the end of a thumbnail inside is not taken for the end. ITU-T T.81, B.1.1.
    static bool HasEndOfJpeg(ReadOnlySpan<byte> file)
    {
        const byte EndOfImage = 0xD9;
        for (var rest = file[Jpeg.Length..]; rest.IndexOf((byte)0xFF) is >= 0 and var at && at + 1 < rest.Length;)
        {
            rest = rest[at..];
            if (rest[1] == EndOfImage)
                return true;
            rest = rest[Math.Min(rest.Length, LengthOfSegment(rest))..];
        }
        return false;
    }

    static int LengthOfSegment(ReadOnlySpan<byte> segment) => segment[1] switch
    {
        0xFF => 1, // padding
        0x00 or 0x01 or (>= 0xD0 and <= 0xD8) => 2, // data, or a marker that stands alone
        _ => segment.Length < 4 ? segment.Length : 2 + BinaryPrimitives.ReadUInt16BigEndian(segment[2..]),
    };
}
