using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A decoded image of any size: four bytes a pixel, the last one opacity, by which the colors are multiplied already.</summary>
internal readonly ref struct Picture(ReadOnlySpan<byte> pixels, int width, int height, MLPixelFormat format)
{
    const int Green = 1;
    const int Opacity = 3;
    const int PixelSize = 4;

    readonly ReadOnlySpan<byte> _pixels = pixels;
    readonly int _red = format == MLPixelFormat.Bgra32 ? 2 : 0;
    readonly int _blue = format == MLPixelFormat.Bgra32 ? 0 : 2;

    public static Picture Of(MLImage image) => new(image.Pixels, image.Width, image.Height, image.PixelFormat);

    /// <summary>The size, with one channel if all is grey, else three.</summary>
    public ImageShape OwnShape() => new(IsGrey() ? 1 : 3, height, width);

    /// <summary>Writes the pixels [C, H, W], over white where they are transparent and stretched to the shape; one channel gets the luma.</summary>
    public void WriteTo(ImageShape shape, Span<byte> pixels)
    {
        var across = new Resampling(width, shape.Width);
        var down = new Resampling(height, shape.Height);
        var line = new float[width];
        var narrowed = new float[height * shape.Width];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = 0; y < height; y++)
            {
                if (shape.Channels == 1)
                    ReadLuma(y, line);
                else
                    ReadColor(channel switch { 0 => _red, 1 => Green, _ => _blue }, y, line);
                across.OfLine(line, narrowed.AsSpan(y * shape.Width, shape.Width));
            }
            down.OfColumns(narrowed, pixels.Slice(channel * shape.Height * shape.Width, shape.Height * shape.Width));
        }
    }

    void ReadColor(int color, int y, Span<float> line)
    {
        var pixels = Line(y);
        for (var x = 0; x < line.Length; x++)
        {
            var pixel = pixels.Slice(x * PixelSize, PixelSize);
            line[x] = Math.Min(255, pixel[color] + 255 - pixel[Opacity]);
        }
    }

    // ITU-R BT.601.
    void ReadLuma(int y, Span<float> line)
    {
        var pixels = Line(y);
        for (var x = 0; x < line.Length; x++)
        {
            var pixel = pixels.Slice(x * PixelSize, PixelSize);
            line[x] = Math.Min(255, (299 * pixel[_red] + 587 * pixel[Green] + 114 * pixel[_blue]) / 1000f + 255 - pixel[Opacity]);
        }
    }

    bool IsGrey()
    {
        for (var at = 0; at < _pixels.Length; at += PixelSize)
            if (_pixels[at] != _pixels[at + Green] || _pixels[at + 2] != _pixels[at + Green])
                return false;
        return true;
    }

    ReadOnlySpan<byte> Line(int y) => _pixels.Slice(y * width * PixelSize, width * PixelSize);
}
