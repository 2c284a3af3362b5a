using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Image files as bytes: JPEG, PNG, and whatever else MLImage decodes.</summary>
internal sealed class EncodedImageReader(int maxMegapixels) : ImageReader
{
    public override ScalarType Element => ScalarType.Byte;

    public override ImageShape? ShapeFor(ImageShape? asked) => asked;

    /// <remarks>Reads no row before it is asked for: where ML.NET reads ahead in parallel, one missing file would end the cursor instead of its row.</remarks>
    public override DataViewRowCursor Cursor(IDataView data, params IReadOnlyList<DataViewSchema.Column> columns)
    {
        var cursors = data.GetRowCursorSet(columns, n: 1);
        if (cursors is [var one])
            return one;
        foreach (var cursor in cursors)
            cursor.Dispose();
        return base.Cursor(data, columns);
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
