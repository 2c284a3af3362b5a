using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A decoded image of any size: four bytes a pixel, the last one opacity, by which the colors are multiplied already. It owns the bitmap.</summary>
internal sealed class Picture(SKBitmap bitmap, Orientation orientation) : DecodedImage
{
    const int Green = 1;
    const int Opacity = 3;
    const int PixelSize = 4;

    readonly int _red = bitmap.ColorType == SKColorType.Bgra8888 ? 2 : 0;
    readonly int _blue = bitmap.ColorType == SKColorType.Bgra8888 ? 0 : 2;

    /// <summary>A copy of the image's pixels. MLImage ignores the orientation in its file.</summary>
    public static Picture CopyOf(MLImage image)
    {
        var format = image.PixelFormat == MLPixelFormat.Bgra32 ? SKColorType.Bgra8888 : SKColorType.Rgba8888;
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, format, SKAlphaType.Premul));
        using var pixels = bitmap.PeekPixels();
        image.Pixels.CopyTo(pixels.GetPixelSpan<byte>());
        return new Picture(bitmap, new Orientation(SKEncodedOrigin.TopLeft));
    }

    public override ImageShape? OwnShape() => orientation.Turned(new(IsGrey() ? 1 : 3, bitmap.Height, bitmap.Width));

    /// <remarks>Over white where the image is transparent, and stretched to the shape; one channel gets the luma.</remarks>
    public override void WriteTo(ImageShape shape, Span<byte> pixels)
    {
        if (orientation.IsUpright)
        {
            Scale(shape, pixels);
            return;
        }
        // Scaled first, as there is less to turn then.
        var stored = new byte[shape.Count];
        Scale(orientation.Turned(shape), stored);
        orientation.Turn(stored, shape, pixels);
    }

    public override void Dispose() => bitmap.Dispose();

    void Scale(ImageShape shape, Span<byte> pixels)
    {
        var across = new Resampling(bitmap.Width, shape.Width);
        var down = new Resampling(bitmap.Height, shape.Height);
        var line = new float[bitmap.Width];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            int? color = shape.Channels == 1 ? null : channel switch { 0 => _red, 1 => Green, _ => _blue };
            down.OfColumns((y, narrowed) => ReadNarrowed(color, y, narrowed), pixels.Slice(channel * shape.Height * shape.Width, shape.Height * shape.Width));
        }

        void ReadNarrowed(int? color, int y, float[] narrowed)
        {
            if (color is { } place)
                ReadColor(place, y, line);
            else
                ReadLuma(y, line);
            across.OfLine(line, narrowed);
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
        var pixels = bitmap.GetPixelSpan();
        for (var at = 0; at < pixels.Length; at += PixelSize)
            if (pixels[at] != pixels[at + Green] || pixels[at + 2] != pixels[at + Green])
                return false;
        return true;
    }

    ReadOnlySpan<byte> Line(int y) => bitmap.GetPixelSpan().Slice(y * bitmap.Width * PixelSize, bitmap.Width * PixelSize);
}

/// <summary>On which sides of the upright image its first stored line and its first stored column lie: CIPA DC-008 (EXIF), tag Orientation.</summary>
internal readonly record struct Orientation(SKEncodedOrigin Origin)
{
    public bool IsUpright => Origin == SKEncodedOrigin.TopLeft;

    bool LinesAreColumns => Origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    bool FromRight => Origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;

    bool FromBottom => Origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>The upright image's shape, given that of the stored one; or the other way round.</summary>
    public ImageShape Turned(ImageShape shape) => LinesAreColumns ? shape with { Height = shape.Width, Width = shape.Height } : shape;

    /// <summary>Writes the pixels [C, H, W] of an upright image of that shape, given the stored ones.</summary>
    public void Turn(ReadOnlySpan<byte> stored, ImageShape shape, Span<byte> upright)
    {
        var (height, width) = (shape.Height, shape.Width);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var from = stored.Slice(channel * height * width, height * width);
            var to = upright.Slice(channel * height * width, height * width);
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                {
                    var down = FromBottom ? height - 1 - y : y;
                    var across = FromRight ? width - 1 - x : x;
                    to[y * width + x] = from[LinesAreColumns ? across * height + down : down * width + across];
                }
        }
    }
}

/// <summary>Changes the number of pixels along one axis with a triangle filter: bilinear where pixels are added, a weighted mean of all pixels where they become fewer.</summary>
// Our own: Skia has no such filter, which is the bilinear resizing of PIL and torchvision, and torch's needs all of an image as floats, in three times the memory of its pixels.
internal sealed class Resampling
{
    readonly int _from;
    readonly int _taps;
    readonly int[] _first;
    readonly float[] _weights;

    public Resampling(int from, int to)
    {
        var scale = (double)from / to;
        var reach = Math.Max(1, scale);
        _from = from;
        _taps = Math.Min(from, (int)Math.Ceiling(2 * reach));
        _first = new int[to];
        _weights = new float[to * _taps];
        for (var i = 0; i < to; i++)
        {
            var center = (i + 0.5) * scale;
            _first[i] = Math.Clamp((int)Math.Floor(center - reach + 0.5), 0, from - _taps);
            Weigh(i, center, reach);
        }
    }

    /// <summary>One line, resampled.</summary>
    public void OfLine(ReadOnlySpan<float> line, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            var weights = Weights(i);
            var taps = line.Slice(_first[i], weights.Length);
            var sum = 0f;
            for (var k = 0; k < weights.Length; k++)
                sum += weights[k] * taps[k];
            result[i] = sum;
        }
    }

    /// <summary>Lines below each other, each column resampled and rounded. One line is held at a time: together, those of a tall image may be larger than the image.</summary>
    /// <param name="read">Writes the line of that number.</param>
    /// <param name="result">What comes of all lines.</param>
    public void OfColumns(Action<int, float[]> read, Span<byte> result)
    {
        var line = new float[result.Length / _first.Length];
        var sums = new float[result.Length];
        Array.Fill(sums, 0.5f);
        for (var (number, first) = (0, 0); number < _from; number++)
        {
            read(number, line);
            while (_first[first] + _taps <= number)
                first++;
            for (var i = first; i < _first.Length && _first[i] <= number; i++)
                AddScaled(line, Weights(i)[number - _first[i]], sums.AsSpan(i * line.Length, line.Length));
        }
        for (var i = 0; i < sums.Length; i++)
            result[i] = (byte)sums[i];
    }

    static void AddScaled(ReadOnlySpan<float> line, float weight, Span<float> sums)
    {
        for (var x = 0; x < sums.Length; x++)
            sums[x] += weight * line[x];
    }

    Span<float> Weights(int i) => _weights.AsSpan(i * _taps, _taps);

    void Weigh(int i, double center, double reach)
    {
        var weights = Weights(i);
        var total = 0.0;
        for (var k = 0; k < _taps; k++)
            total += Triangle(_first[i] + k);
        for (var k = 0; k < _taps; k++)
            weights[k] = (float)(Triangle(_first[i] + k) / total);

        double Triangle(int pixel) => Math.Max(0, 1 - Math.Abs(pixel + 0.5 - center) / reach);
    }
}
