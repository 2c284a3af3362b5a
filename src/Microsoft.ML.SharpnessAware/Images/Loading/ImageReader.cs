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

    /// <param name="column">The column.</param>
    /// <param name="maxMegapixels">The most million pixels that an encoded image may have.</param>
    /// <exception cref="ArgumentException">A column of this type holds no images.</exception>
    public static ImageReader For(DataViewSchema.Column column, int maxMegapixels = ImageLoading.DefaultMaxMegapixels) => column.Type switch
    {
        VectorDataViewType { ItemType.RawType: var item } when item == typeof(byte) => new EncodedImageReader(maxMegapixels),
        VectorDataViewType { ItemType.RawType: var item, IsKnownSize: true } pixels when item == typeof(float) => new PixelReader(column.Name, pixels),
        { RawType: var type } when type == typeof(MLImage) => new MLImageReader(),
        var other => throw new ArgumentException($"Cannot read images from column '{column.Name}': expected {Expected}, but got {other}."),
    };

    /// <summary>Bytes of one stored image.</summary>
    public int SizeOf(ImageShape shape) => checked(shape.Count * (Element == ScalarType.Byte ? 1 : sizeof(float)));

    protected abstract Func<ImageCell> Getter(DataViewRow row, DataViewSchema.Column column);
}

/// <summary>An image cannot be used; the message is the reason, as the end of a sentence.</summary>
internal sealed class BadImageException(string reason, Exception? cause = null) : InvalidOperationException(reason, cause);

/// <summary>Image files as bytes: JPEG, PNG, and whatever else MLImage decodes.</summary>
internal sealed class EncodedImageReader(int maxMegapixels) : ImageReader
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
            return new Cell(file, maxMegapixels);
        };
    }

    sealed class Cell(byte[] file, int maxMegapixels) : ImageCell
    {
        protected override void Decode(ImageShape shape, Span<byte> pixels)
        {
            using var image = Open();
            Picture.Of(image).WriteTo(shape, pixels);
        }

        protected override ImageShape? Measure()
        {
            using var image = Open();
            return Picture.Of(image).OwnShape();
        }

        MLImage Open()
        {
            EncodedImage.CheckComplete(file);
            EncodedImage.CheckSize(file, maxMegapixels);
            try
            {
                return MLImage.CreateFromStream(new MemoryStream(file, writable: false));
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                throw new BadImageException($"its bytes are no image that can be decoded; they begin with {EncodedImage.Beginning(file)}", e);
            }
        }
    }
}

/// <summary>One row's image, taken out of the row and not yet decoded. Any thread may decode it.</summary>
internal abstract class ImageCell
{
    /// <summary>Writes the pixels [C, H, W], scaled to the shape, as raw bytes of the reader's element type; or says what is wrong with the image.</summary>
    public bool TryDecode(ImageShape shape, Span<byte> pixels, [NotNullWhen(false)] out string? fault)
    {
        try
        {
            Decode(shape, pixels);
            fault = null;
            return true;
        }
        catch (BadImageException bad)
        {
            fault = bad.Message;
            return false;
        }
    }

    /// <summary>The image's own shape: one channel if it is all grey, else three. Null if it cannot be used, or has none of its own.</summary>
    public ImageShape? OwnShape()
    {
        try
        {
            return Measure();
        }
        catch (BadImageException)
        {
            return null;
        }
    }

    /// <exception cref="BadImageException">The image cannot be used.</exception>
    protected abstract void Decode(ImageShape shape, Span<byte> pixels);

    /// <exception cref="BadImageException">The image cannot be used.</exception>
    protected virtual ImageShape? Measure() => null;
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
            return image is null ? new UnreadableCell("there is no image") : new Cell(image);
        };
    }

    sealed class Cell(MLImage image) : ImageCell
    {
        readonly byte[] _pixels = image.Pixels.ToArray();
        readonly int _width = image.Width;
        readonly int _height = image.Height;
        readonly MLPixelFormat _format = image.PixelFormat;

        protected override void Decode(ImageShape shape, Span<byte> pixels) => Picture().WriteTo(shape, pixels);

        protected override ImageShape? Measure() => Picture().OwnShape();

        Picture Picture() => new(_pixels, _width, _height, _format);
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
            return new Cell(pixels);
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

    sealed class Cell(float[] image) : ImageCell
    {
        protected override void Decode(ImageShape shape, Span<byte> pixels)
        {
            var bad = Array.FindIndex(image, value => !float.IsFinite(value));
            if (bad >= 0)
                throw new BadImageException(FormattableString.Invariant($"its value at index {bad} is {image[bad]}"));
            MemoryMarshal.AsBytes<float>(image).CopyTo(pixels);
        }
    }
}

/// <summary>A row that gave no image: its file is missing, say.</summary>
internal sealed class UnreadableCell(string reason) : ImageCell
{
    protected override void Decode(ImageShape shape, Span<byte> pixels) => throw new BadImageException(reason);
}
