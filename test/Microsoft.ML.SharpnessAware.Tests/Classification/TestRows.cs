using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Small data sets with keys of three classes; key 0 is a missing label.</summary>
static class TestRows
{
    /// <summary>As images are decoded by default.</summary>
    public static ImageDecoding Decoding => new SamImageTrainer.Options().Decoding;

    public static IDataView Encoded(params (byte[] Image, uint Label)[] rows) =>
        new MLContext().Data.LoadFromEnumerable(rows.Select(row => new EncodedRow { Image = row.Image, Label = FromZero(row.Label) }));

    public static IDataView Decoded(params (MLImage Image, uint Label)[] rows) =>
        new MLContext().Data.LoadFromEnumerable(rows.Select(row => new DecodedRow { Image = row.Image, Label = FromZero(row.Label) }));

    /// <summary>Rows of 3×2×4 floats.</summary>
    public static IDataView Floats(params (float[] Image, uint Label)[] rows) =>
        new MLContext().Data.LoadFromEnumerable(rows.Select(row => new FloatRow { Image = row.Image, Label = FromZero(row.Label) }));

    /// <summary>A small grey image of one brightness.</summary>
    public static byte[] Grey(int brightness, int width = 4, int height = 4) => TestImages.GreyPng(width, height, (_, _) => brightness);

    // In the rows of an enumerable keys count from 0; what is out of range is missing.
    static uint FromZero(uint key) => unchecked(key - 1);

    public static DataViewSchema.Column ImageColumn(this IDataView data) => data.Schema["Image"];

    sealed class EncodedRow
    {
        public byte[] Image = [];

        [KeyType(3)]
        public uint Label;
    }

    sealed class DecodedRow
    {
        [Microsoft.ML.Transforms.Image.ImageType(4, 4)]
        public MLImage? Image;

        [KeyType(3)]
        public uint Label;
    }

    sealed class FloatRow
    {
        [VectorType(3, 2, 4)]
        public float[] Image = [];

        [KeyType(3)]
        public uint Label;
    }
}
