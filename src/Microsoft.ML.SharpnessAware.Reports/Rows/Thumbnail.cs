using SkiaSharp;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>A small picture as bytes of a file.</summary>
internal sealed record Thumbnail(byte[] Bytes, string MediaType, int Width, int Height)
{
    const int LargestSide = 128;
    const int JpegQuality = 82;

    // Small pictures stay as they are, to the pixel.
    const int SmallSide = 64;

    public string DataUri => $"data:{MediaType};base64,{Convert.ToBase64String(Bytes)}";

    /// <summary>Whether the page should enlarge it pixel by pixel.</summary>
    public bool IsSmall => Math.Max(Width, Height) <= SmallSide;

    public static Thumbnail Of(SKBitmap picture)
    {
        using var scaled = Scaled(picture, LargestSide);
        var shown = scaled ?? picture;
        return Encoded(shown, Math.Max(shown.Width, shown.Height) <= SmallSide ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg);
    }

    /// <summary>The picture with a heat map over it: from nothing over blue and green to red.</summary>
    public static Thumbnail WithHeat(SKBitmap picture, HeatMap heat)
    {
        using var small = Scaled(picture, LargestSide);
        using var blended = (small ?? picture).Copy(SKColorType.Rgba8888);
        using var map = new SKBitmap(heat.Width, heat.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        for (var y = 0; y < heat.Height; y++)
            for (var x = 0; x < heat.Width; x++)
                map.SetPixel(x, y, ColorOf(heat.Values[y, x]));
        using var canvas = new SKCanvas(blended);
        using var paint = new SKPaint { FilterQuality = SKFilterQuality.Medium };
        canvas.DrawBitmap(map, new SKRect(0, 0, blended.Width, blended.Height), paint);
        canvas.Flush();
        return Encoded(blended, SKEncodedImageFormat.Png);
    }

    static SKColor ColorOf(float heat) => SKColor.FromHsv(240 * (1 - heat), 100, 100).WithAlpha((byte)(160 * Math.Sqrt(heat)));

    static SKBitmap? Scaled(SKBitmap picture, int side)
    {
        var largest = Math.Max(picture.Width, picture.Height);
        if (largest <= side)
            return null;
        var size = new SKImageInfo(Math.Max(1, picture.Width * side / largest), Math.Max(1, picture.Height * side / largest));
        return picture.Resize(size, SKFilterQuality.Medium);
    }

    static Thumbnail Encoded(SKBitmap picture, SKEncodedImageFormat format)
    {
        using var data = picture.Encode(format, JpegQuality);
        return new Thumbnail(data.ToArray(), format == SKEncodedImageFormat.Png ? "image/png" : "image/jpeg", picture.Width, picture.Height);
    }
}
