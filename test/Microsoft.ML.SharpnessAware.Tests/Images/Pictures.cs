using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Data sets of small grey pictures in three classes: stripes across, stripes down, and none.</summary>
static class Pictures
{
    static readonly string[] Classes = ["across", "down", "plain"];

    /// <summary>Rows as a user has them: an encoded image, a text label, and a number that goes along.</summary>
    public static IDataView Rows(MLContext ml, int count = 12) => RowsOf(Row)(ml, count);

    public static IDataView RowsWithoutLabel(MLContext ml, int count = 12) => RowsOf(i => new PictureOnly { Image = Png(i) })(ml, count);

    /// <summary>Rows of any kind, made from their numbers.</summary>
    public static Func<MLContext, int, IDataView> RowsOf<T>(Func<int, T> row)
        where T : class => (ml, count) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(row).ToArray());

    /// <summary>The same rows with labels made into keys.</summary>
    public static IDataView KeyedRows(MLContext ml, int count = 12) => Keyed(ml, Rows(ml, count));

    /// <summary>The same of another size.</summary>
    public static IDataView KeyedRows(MLContext ml, int count, int size) => Keyed(ml, RowsOf(number => new PictureRow { Image = Png(number, size), Label = Row(number).Label })(ml, count));

    /// <summary>The rows, their labels made into keys by occurrence.</summary>
    public static IDataView Keyed(MLContext ml, IDataView rows) => ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);

    public static PictureRow Row(int number) => new() { Image = Png(number), Label = Classes[number % Classes.Length], Number = number };

    /// <summary>The number-th picture: its class goes round, its brightness grows.</summary>
    public static byte[] Png(int number, int size = 8)
    {
        var dark = 16 + number % 100;
        return TestImages.GreyPng(size, size, (x, y) => (number % Classes.Length) switch
        {
            0 => y % 4 < 2 ? dark : 220,
            1 => x % 4 < 2 ? dark : 220,
            _ => dark,
        });
    }
}

sealed class PictureRow
{
    public byte[] Image { get; set; } = [];

    public string? Label { get; set; }

    public float Number { get; set; }
}

sealed class PictureOnly
{
    public byte[] Image { get; set; } = [];
}

sealed class PictureAnswer
{
    public float[] Score { get; set; } = [];

    [ColumnName("PredictedLabel")]
    public string? Label { get; set; }
}

sealed class KeyAnswer
{
    public float[] Score { get; set; } = [];

    public uint PredictedLabel { get; set; }
}
