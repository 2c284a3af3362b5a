using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

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
