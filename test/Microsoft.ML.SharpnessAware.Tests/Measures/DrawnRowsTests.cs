using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class DrawnRowsTests
{
    [TestMethod]
    public void Of_draws_labelled_rows_and_keeps_their_order()
    {
        var ml = new MLContext(seed: 1);
        var data = Keyed(ml, 30);
        var drawn = Drawn(data, 7, seed: 1);
        var numbers = Numbers(drawn);

        Assert.AreEqual(7L, drawn.GetRowCount());
        Assert.HasCount(7, numbers);
        CollectionAssert.AreEqual(numbers.Order().ToArray(), numbers);
        Assert.IsFalse(numbers.Any(number => number % 5 == 0), "those have no label");
        CollectionAssert.AreEqual(numbers, Numbers(Drawn(data, 7, seed: 1)));
        CollectionAssert.AreNotEqual(numbers, Numbers(Drawn(data, 7, seed: 2)));
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(24)]
    [DataRow(1000)]
    public void Of_draws_all_where_there_are_no_more(int? count)
    {
        var ml = new MLContext(seed: 1);
        Assert.HasCount(24, Numbers(Drawn(Keyed(ml, 30), count, seed: 1)));
    }

    [TestMethod]
    public void Of_reads_no_image_that_is_not_drawn()
    {
        var ml = new MLContext(seed: 1);
        var reads = new List<float>();
        var rows = Pictures.Keyed(ml, Pictures.RowsOf(i => new Watched { Seen = reads, Number = i, Label = "yes" })(ml, 30));

        Assert.HasCount(3, Drawn(rows, 3, seed: 1).GetColumn<float>("Watch").ToArray());
        Assert.HasCount(3, reads);
    }

    [TestMethod]
    public void Cursor_tells_where_a_row_is_in_the_data()
    {
        var ml = new MLContext(seed: 1);
        var drawn = Drawn(Keyed(ml, 30), 7, seed: 1);
        var cursors = drawn.GetRowCursorSet(drawn.Schema, n: 4);
        Assert.HasCount(1, cursors);
        using var cursor = cursors[0];
        var number = cursor.GetGetter<float>(drawn.Schema["Number"]);
        var value = 0f;
        while (cursor.MoveNext())
        {
            number(ref value);
            Assert.AreEqual((long)value, cursor.Position);
        }
    }

    [TestMethod]
    public void Rows_of_data_that_are_some_rows_of_others_are_found()
    {
        var ml = new MLContext(seed: 1);
        var all = Pictures.RowsOf(i => new PictureRow { Image = Pictures.Png(i), Label = "yes", Number = i })(ml, 30);
        // Where a column is computed, ML.NET reads side by side and counts the rows anew.
        var some = ml.Transforms.Conversion.MapValueToKey("Label").Fit(all).Transform(new DrawnRows(all, [2, 5, 13, 18]));

        CollectionAssert.AreEqual(new float[] { 2, 5, 13, 18 }, Numbers(Drawn(some, count: null, seed: 1)));
        CollectionAssert.AreEqual(new float[] { 5, 18 }, Numbers(new DrawnRows(some, [1, 3])));
    }

    [TestMethod]
    public void Data_that_can_be_read_once_only_are_refused_with_the_way_out()
    {
        var ml = new MLContext(seed: 1);
        var drawn = Drawn(Sources.ReadOnce(ml, Keyed(ml, 30)), 7, seed: 1);

        Assert.Contains("and has none when they are read. Give data that can be read several times", Assert.Throws<InvalidOperationException>(() => Numbers(drawn)).Message);
    }

    static DrawnRows Drawn(IDataView data, int? count, long seed) => DrawnRows.Of(data, data.Schema["Label"], count, seed, () => { });

    static float[] Numbers(IDataView data) => [.. data.GetColumn<float>("Number")];

    // Every fifth row has no label.
    static IDataView Keyed(MLContext ml, int count) =>
        Pictures.Keyed(ml, Pictures.RowsOf(i => new PictureRow { Image = Pictures.Png(i), Label = i % 5 == 0 ? null : "yes", Number = i })(ml, count));

    sealed class Watched
    {
        internal List<float> Seen = [];

        public float Number { get; set; }

        public string Label { get; set; } = "";

        public float Watch
        {
            get
            {
                Seen.Add(Number);
                return Number;
            }
            set => Number = value;
        }
    }
}
