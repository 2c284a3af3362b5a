namespace Microsoft.ML.Data;

/// <summary>Colours of half-transparent pixels are kept multiplied by their alpha, rounded to the nearest.</summary>
internal static class Alpha
{
    public static void Premultiply(Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i += 4)
        {
            var alpha = pixels[i + 3];
            if (alpha == 255)
                continue;
            for (var c = i; c < i + 3; c++)
                pixels[c] = (byte)((pixels[c] * alpha + 127) / 255);
        }
    }

    public static void Unpremultiply(Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i += 4)
        {
            var alpha = pixels[i + 3];
            if (alpha == 255)
                continue;
            for (var c = i; c < i + 3; c++)
                pixels[c] = (byte)(alpha == 0 ? 0 : Math.Min(255, (pixels[c] * 255 + alpha / 2) / alpha));
        }
    }
}
