using SkiaSharp;

namespace Microsoft.ML.SharpnessAware.Reports.Tests;

/// <summary>Pictures of stripes across, stripes down, and of neither, each other than the rest.</summary>
static class SamplePictures
{
    public const int Classes = 3;

    /// <summary>The number-th picture, whose class goes round.</summary>
    public static SKBitmap Bitmap(int number, int size = 24)
    {
        var bitmap = new SKBitmap(size, size);
        var (dark, scale) = (30 + 37 * number % 120, size / 12.0);
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
            {
                var (column, row) = ((int)(x / scale), (int)(y / scale));
                // A square in a place of its own, much brighter or darker.
                var isInSquare = column - number * 5 % 9 is >= 0 and < 3 && row - number * 7 % 10 is >= 0 and < 3;
                var level = (number % Classes) switch
                {
                    0 => row % 4 < 2 ? dark : 210,
                    1 => column % 4 < 2 ? dark : 210,
                    _ => dark + 4 * column,
                };
                var shown = (byte)(isInSquare ? (level + 128) % 256 : level);
                bitmap.SetPixel(x, y, new SKColor(shown, (byte)(shown / 2 + 40), (byte)(255 - shown)));
            }
        return bitmap;
    }

    public static byte[] Png(int number, int size = 24)
    {
        using var bitmap = Bitmap(number, size);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
