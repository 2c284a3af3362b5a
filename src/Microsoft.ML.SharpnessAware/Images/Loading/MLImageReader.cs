using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

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
