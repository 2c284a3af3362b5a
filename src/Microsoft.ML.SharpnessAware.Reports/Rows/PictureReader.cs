using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>Pictures of the columns that image classifiers read.</summary>
internal static class PictureReader
{
    /// <summary>The picture of the row that the cursor stands on, again and again; null where there is none that can be shown.</summary>
    public static Func<SKBitmap?> Open(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        VectorDataViewType { ItemType.RawType: var item } when item == typeof(byte) => Encoded(row, column),
        VectorDataViewType { ItemType.RawType: var item } pixels when item == typeof(float) => Floats(row, column, pixels),
        { RawType: var type } when type == typeof(MLImage) => Decoded(row, column),
        _ => () => null,
    };

    static Func<SKBitmap?> Encoded(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<byte>>(column);
        var buffer = default(VBuffer<byte>);
        return () => Readable(() =>
        {
            getter(ref buffer);
            return Decode([.. buffer.DenseValues()]);
        });
    }

    static Func<SKBitmap?> Decoded(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<MLImage>(column);
        var image = default(MLImage);
        return () => Readable(() =>
        {
            getter(ref image!);
            if (image is null)
                return null;
            var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, image.PixelFormat == MLPixelFormat.Bgra32 ? SKColorType.Bgra8888 : SKColorType.Rgba8888, SKAlphaType.Premul));
            using var pixels = bitmap.PeekPixels();
            image.Pixels.CopyTo(pixels.GetPixelSpan<byte>());
            return bitmap;
        });
    }

    static Func<SKBitmap?> Floats(DataViewRow row, DataViewSchema.Column column, VectorDataViewType type)
    {
        var getter = row.GetGetter<VBuffer<float>>(column);
        var buffer = default(VBuffer<float>);
        return () => Readable(() =>
        {
            getter(ref buffer);
            return FloatPicture.Of([.. buffer.DenseValues()], type);
        });
    }

    // What ML.NET and Skia throw where a file is missing or damaged: the report goes on without the picture.
    static SKBitmap? Readable(Func<SKBitmap?> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>An encoded picture, upright as the orientation in its EXIF data says.</summary>
    internal static SKBitmap? Decode(byte[] file)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        if (codec is null || SKBitmap.Decode(codec) is not { } stored)
            return null;
        if (codec.EncodedOrigin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default)
            return stored;
        using (stored)
            return Upright(stored, codec.EncodedOrigin);
    }

    static SKBitmap Upright(SKBitmap stored, SKEncodedOrigin origin)
    {
        var (w, h) = ((float)stored.Width, (float)stored.Height);
        // Rows of the matrix from stored to upright places.
        var (xx, xy, x, yx, yy, y) = origin switch
        {
            SKEncodedOrigin.TopRight => (-1f, 0f, w, 0f, 1f, 0f),
            SKEncodedOrigin.BottomRight => (-1f, 0f, w, 0f, -1f, h),
            SKEncodedOrigin.BottomLeft => (1f, 0f, 0f, 0f, -1f, h),
            SKEncodedOrigin.LeftTop => (0f, 1f, 0f, 1f, 0f, 0f),
            SKEncodedOrigin.RightTop => (0f, -1f, h, 1f, 0f, 0f),
            SKEncodedOrigin.RightBottom => (0f, -1f, h, -1f, 0f, w),
            _ => (0f, 1f, 0f, -1f, 0f, w),
        };
        var turned = new SKBitmap(xx == 0 ? stored.Height : stored.Width, xx == 0 ? stored.Width : stored.Height);
        using var canvas = new SKCanvas(turned);
        canvas.SetMatrix(new SKMatrix(xx, xy, x, yx, yy, y, 0, 0, 1));
        canvas.DrawBitmap(stored, 0, 0);
        return turned;
    }
}

/// <summary>Pictures of pixels that are floats, whose smallest becomes black and whose largest becomes white.</summary>
internal static class FloatPicture
{
    /// <summary>The picture, of the shape that the column's type says, [C, H, W] or [H, W], else square; null where it is none of these.</summary>
    public static SKBitmap? Of(float[] values, VectorDataViewType type)
    {
        var (channels, height, width) = ShapeOf(values.Length, type);
        if (channels == 0 || values.Any(value => !float.IsFinite(value)))
            return null;
        var (least, most) = (values.Min(), values.Max());
        var bitmap = new SKBitmap(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                bitmap.SetPixel(x, y, new SKColor(Level(0, y, x), Level(channels > 1 ? 1 : 0, y, x), Level(channels > 1 ? 2 : 0, y, x)));
        return bitmap;

        byte Level(int channel, int y, int x) => (byte)(most > least ? 255 * (values[(channel * height + y) * width + x] - least) / (most - least) : 0);
    }

    static (int Channels, int Height, int Width) ShapeOf(int count, VectorDataViewType type) => type.Dimensions switch
    {
        [1 or 3, var height, var width] => (type.Dimensions[0], height, width),
        [var height, var width] => (1, height, width),
        _ when Square(count) is { } side => (1, side, side),
        _ when count % 3 == 0 && Square(count / 3) is { } side => (3, side, side),
        _ => default,
    };

    static int? Square(int count) => (int)Math.Sqrt(count) is var side && side * side == count ? side : null;
}
