using System.Text;
using SkiaSharp;

namespace Microsoft.ML.SharpnessAware;

/// <summary>An image file as bytes: JPEG, PNG, or whatever else Skia decodes, which is what MLImage decodes as well.</summary>
internal sealed class EncodedImage(byte[] file, ImageDecoding decoding) : ImageCell
{
    public override Picture Decode()
    {
        if (file.Length == 0)
            throw new BadImageException("it has 0 bytes");
        using var codec = SKCodec.Create(new SKMemoryStream(file), out var opened);
        if (codec is null)
            throw Unopened(opened);
        CheckSize(codec.Info);
        var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        try
        {
            CheckWhole(codec.GetPixels(bitmap.Info, bitmap.GetPixels()));
            return new Picture(bitmap, new Orientation(decoding.ApplyExifOrientation ? codec.EncodedOrigin : SKEncodedOrigin.TopLeft));
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    // From the header, before there is memory for the pixels.
    void CheckSize(SKImageInfo header)
    {
        if ((long)header.Width * header.Height > decoding.MaxMegapixels * 1_000_000L)
            throw new BadImageException($"it says that it has {header.Width}×{header.Height} pixels, more than the {decoding.MaxMegapixels} megapixels that MaxMegapixels allows");
    }

    void CheckWhole(SKCodecResult decoded)
    {
        if (decoded == SKCodecResult.IncompleteInput)
            throw EndsTooEarly();
        // Of a progressive JPEG or a WebP that is cut off Skia says that it is invalid.
        if (decoded != SKCodecResult.Success)
            throw new BadImageException($"it is damaged or ends too early, after {file.Length} bytes");
    }

    BadImageException Unopened(SKCodecResult opened) => opened == SKCodecResult.IncompleteInput
        ? EndsTooEarly()
        : new BadImageException($"its bytes are no image that can be decoded; they begin with {Beginning()}");

    BadImageException EndsTooEarly() => new($"it ends too early, after {file.Length} bytes");

    string Beginning()
    {
        var start = file.AsSpan(0, Math.Min(file.Length, 12));
        return start.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Convert.ToHexString(start) : $"\"{Encoding.ASCII.GetString(start)}\"";
    }
}

/// <summary>How encoded images are decoded, in training and in scoring.</summary>
/// <param name="MaxMegapixels">The most million pixels that an image may have.</param>
/// <param name="ApplyExifOrientation">Whether images are turned upright as their EXIF data say.</param>
internal sealed record ImageDecoding(int MaxMegapixels, bool ApplyExifOrientation)
{
    // The largest cameras have as many; decoded, these are 800 MB.
    public const int DefaultMaxMegapixels = 200;
}
