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

    /// <summary>A cursor over these columns, in the order of the rows.</summary>
    public virtual DataViewRowCursor Cursor(IDataView data, params IReadOnlyList<DataViewSchema.Column> columns) => data.GetRowCursor(columns);

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
