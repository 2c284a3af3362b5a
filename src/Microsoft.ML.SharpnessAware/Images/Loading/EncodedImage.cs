namespace Microsoft.ML.SharpnessAware;

/// <summary>What the bytes of an image file tell before they are decoded. Decoders fill in what a truncated file lacks; a training set should not.</summary>
internal static class EncodedImage
{
    static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G'];

    /// <exception cref="BadImageException">The file is empty, or a JPEG or PNG without its end.</exception>
    public static void CheckComplete(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            throw new BadImageException("it has 0 bytes");
        if (file.StartsWith(JpegSegments.Start) && !HasEndOfJpeg(file))
            throw new BadImageException($"it is a JPEG that ends too early, after {file.Length} bytes");
        if (file.StartsWith(Png) && file.LastIndexOf("IEND"u8) < 0)
            throw new BadImageException($"it is a PNG that ends too early, after {file.Length} bytes");
    }

    /// <exception cref="BadImageException">It would take more memory than the limit allows.</exception>
    public static void CheckSize(ReadOnlySpan<byte> file, int maxMegapixels)
    {
        if (DeclaredSize.Of(file) is { } size && size.Pixels > maxMegapixels * 1_000_000L)
            throw new BadImageException($"it says that it has {size.Width}×{size.Height} pixels, more than the {maxMegapixels} megapixels that MaxMegapixels allows");
    }

    /// <summary>The first bytes, for a message: as text if they are.</summary>
    public static string Beginning(ReadOnlySpan<byte> file)
    {
        var start = file[..Math.Min(file.Length, 12)];
        return start.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Convert.ToHexString(start) : $"\"{System.Text.Encoding.ASCII.GetString(start)}\"";
    }

    static bool HasEndOfJpeg(ReadOnlySpan<byte> file)
    {
        var segments = new JpegSegments(file);
        while (segments.MoveNext())
            if (segments.IsEndOfImage)
                return true;
        return false;
    }
}
