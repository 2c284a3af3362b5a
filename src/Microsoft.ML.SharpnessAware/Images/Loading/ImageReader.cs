using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Reads one kind of image column.</summary>
internal abstract class ImageReader
{
    public const string Expected = "encoded images (vector of bytes), images (MLImage), or pixels (known-size vector of Single)";

    /// <summary>What a pixel is stored as: bytes, or float32 where the column holds floats.</summary>
    public abstract ScalarType Element { get; }

    /// <summary>The shape in which this column's images are used, given the one that was asked for; null: to be found out from the images.</summary>
    /// <exception cref="InvalidOperationException">The column cannot have the shape that was asked for.</exception>
    public abstract ImageShape? ShapeFor(ImageShape? asked);

    /// <summary>A cursor over these columns, in the order of the rows, or in one drawn by <paramref name="random"/>.</summary>
    public virtual DataViewRowCursor Cursor(IDataView data, IReadOnlyList<DataViewSchema.Column> columns, Random? random = null) => data.GetRowCursor(columns, random);

    /// <summary>Takes the image out of the row that the cursor stands on, again and again.</summary>
    public Func<ImageCell> Open(DataViewRow row, DataViewSchema.Column column)
    {
        var take = Getter(row, column);
        return () =>
        {
            try
            {
                return take();
            }
            // What the loaders of ML.NET throw where a file is missing or is no image.
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
            {
                return new UnreadableCell(e.Message);
            }
        };
    }

    /// <exception cref="ArgumentException">A column of this type holds no images.</exception>
    public static ImageReader For(DataViewSchema.Column column, ImageDecoding decoding) => column.Type switch
    {
        VectorDataViewType { ItemType.RawType: var item } when item == typeof(byte) => new EncodedImageReader(decoding),
        VectorDataViewType { ItemType.RawType: var item, IsKnownSize: true } pixels when item == typeof(float) => new PixelReader(column.Name, pixels),
        { RawType: var type } when type == typeof(MLImage) => new MLImageReader(),
        var other => throw new ArgumentException($"Cannot read images from column '{column.Name}': expected {Expected}, but got {other}."),
    };

    protected abstract Func<ImageCell> Getter(DataViewRow row, DataViewSchema.Column column);
}

/// <summary>An image cannot be used; the message is the reason, as the end of a sentence.</summary>
internal sealed class BadImageException(string reason) : InvalidOperationException(reason);

/// <summary>Image files as bytes.</summary>
internal sealed class EncodedImageReader(ImageDecoding decoding) : ImageReader
{
    public override ScalarType Element => ScalarType.Byte;

    public override ImageShape? ShapeFor(ImageShape? asked) => asked;

    /// <remarks>Reads no row before it is asked for: where ML.NET reads ahead in parallel, one missing file would end the cursor instead of its row.</remarks>
    public override DataViewRowCursor Cursor(IDataView data, IReadOnlyList<DataViewSchema.Column> columns, Random? random = null)
    {
        var cursors = data.GetRowCursorSet(columns, n: 1, random);
        if (cursors is [var one])
            return one;
        foreach (var cursor in cursors)
            cursor.Dispose();
        return base.Cursor(data, columns, random);
    }

    protected override Func<ImageCell> Getter(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<byte>>(column);
        var buffer = default(VBuffer<byte>);
        return () =>
        {
            getter(ref buffer);
            var file = new byte[buffer.Length];
            buffer.CopyTo(file);
            return new EncodedImage(file, decoding);
        };
    }
}

/// <summary>One row's image, taken out of the row and not yet decoded. Any thread may decode it, once.</summary>
internal abstract class ImageCell
{
    /// <exception cref="BadImageException">The image cannot be used.</exception>
    public abstract DecodedImage Decode();

    /// <summary>Decodes the image and writes its pixels, scaled to the shape; or says what is wrong with it.</summary>
    public bool TryDecode(ImageShape shape, Span<byte> pixels, [NotNullWhen(false)] out string? fault)
    {
        try
        {
            using var image = Decode();
            image.WriteTo(shape, pixels);
            fault = null;
            return true;
        }
        catch (BadImageException bad)
        {
            fault = bad.Message;
            return false;
        }
    }
}

/// <summary>An image with all its pixels.</summary>
internal abstract class DecodedImage : IDisposable
{
    /// <summary>The image's own shape: one channel if it is all grey, else three. Null if it has none of its own.</summary>
    public virtual ImageShape? OwnShape() => null;

    /// <summary>Writes the pixels [C, H, W], scaled to the shape, as raw bytes of the reader's element type.</summary>
    /// <exception cref="BadImageException">The image cannot be used.</exception>
    public abstract void WriteTo(ImageShape shape, Span<byte> pixels);

    public virtual void Dispose() { }
}

/// <summary>A row whose image is decoded already.</summary>
internal sealed class DecodedCell(DecodedImage image) : ImageCell
{
    public override DecodedImage Decode() => image;
}

/// <summary>A row that gave no image: its file is missing, say.</summary>
internal sealed class UnreadableCell(string reason) : ImageCell
{
    public override DecodedImage Decode() => throw new BadImageException(reason);
}

/// <summary>Images that an earlier step of the pipeline has decoded.</summary>
internal sealed class MLImageReader : ImageReader
{
    public override ScalarType Element => ScalarType.Byte;

    public override ImageShape? ShapeFor(ImageShape? asked) => asked;

    protected override Func<ImageCell> Getter(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<MLImage>(column);
        var image = default(MLImage);
        return () =>
        {
            // The same variable each time: ML.NET's getters dispose of the image that they find in it. Those that do not keep the image for themselves.
            getter(ref image!);
            return image is null ? new UnreadableCell("there is no image") : new DecodedCell(Picture.CopyOf(image));
        };
    }
}

/// <summary>Images as vectors of floats, kept as they are: of the shape that the type's dimensions say, [C, H, W] or [H, W], else square.</summary>
internal sealed class PixelReader(string columnName, VectorDataViewType type) : ImageReader
{
    public override ScalarType Element => ScalarType.Float32;

    public override ImageShape? ShapeFor(ImageShape? asked)
    {
        if (asked is not null && asked.Count != type.Size)
            throw new InvalidOperationException($"Column '{columnName}' holds {type.Size} floats a row, but {asked} needs {asked.Count}. Images given as floats are not scaled: set ImageShape to the shape that they have.");
        return asked ?? OwnShape() ?? throw new InvalidOperationException($"Column '{columnName}' of type {type} does not say what shape its images have: it is not [1 or 3 channels, height, width], [height, width] or a square. Set ImageShape.");
    }

    protected override Func<ImageCell> Getter(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<float>>(column);
        var buffer = default(VBuffer<float>);
        return () =>
        {
            getter(ref buffer);
            var pixels = new float[buffer.Length];
            buffer.CopyTo(pixels);
            return new DecodedCell(new FloatImage(pixels));
        };
    }

    ImageShape? OwnShape() => type.Dimensions switch
    {
        [1 or 3, var height, var width] => new ImageShape(type.Dimensions[0], height, width),
        [var height, var width] => new ImageShape(1, height, width),
        [_] => Square(channels: 1) ?? Square(channels: 3),
        _ => null,
    };

    ImageShape? Square(int channels)
    {
        var side = (int)Math.Sqrt(type.Size / channels);
        return channels * side * side == type.Size ? new ImageShape(channels, side, side) : null;
    }
}

/// <summary>An image as floats, which are never scaled.</summary>
internal sealed class FloatImage(float[] values) : DecodedImage
{
    public override void WriteTo(ImageShape shape, Span<byte> pixels)
    {
        var bad = Array.FindIndex(values, value => !float.IsFinite(value));
        if (bad >= 0)
            throw new BadImageException(Invariant($"its value at index {bad} is {values[bad]}"));
        MemoryMarshal.AsBytes<float>(values).CopyTo(pixels);
    }
}
