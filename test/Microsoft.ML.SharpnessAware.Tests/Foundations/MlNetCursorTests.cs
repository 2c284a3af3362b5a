using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

/// <summary>The cursors of a view that a row-to-row transformer made: its rows come from several threads, in order.</summary>
[TestClass]
public class MlNetCursorTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void MoveNext_gives_all_rows_in_order()
    {
        var view = Mapped(new NumbersView(1000));
        using var cursor = view.GetRowCursor(view.Schema);
        var number = cursor.GetGetter<uint>(view.Schema["Number"]);
        var name = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Name"]);
        var id = cursor.GetIdGetter();
        Assert.AreEqual(-1, cursor.Position);

        var batch = -1L;
        for (var row = 0; row < 1000; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            uint key = 0;
            ReadOnlyMemory<char> text = default;
            DataViewRowId rowId = default;
            number(ref key);
            name(ref text);
            id(ref rowId);
            Assert.AreEqual(row, cursor.Position);
            Assert.AreEqual((uint)(row % 3) + 1, key);
            Assert.AreEqual(NumbersView.Names[row % 3], text.ToString());
            Assert.AreEqual(new((ulong)row, 0), rowId);
            Assert.IsTrue(cursor.Batch >= batch);
            batch = cursor.Batch;
        }
        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void Batch_changes_every_128_rows()
    {
        var view = Mapped(new NumbersView(300));
        using var cursor = view.GetRowCursor(view.Schema);

        var batches = new List<long>();
        while (cursor.MoveNext())
            batches.Add(cursor.Batch);

        Assert.AreEqual("0:128 1:128 2:44", string.Join(' ', batches.GroupBy(b => b).Select(g => $"{g.Key}:{g.Count()}")));
    }

    [TestMethod]
    public void Getter_before_the_first_row_is_refused()
    {
        var view = Mapped(new NumbersView(3));
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<uint>(view.Schema["Number"]);
        uint value = 0;

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref value));

        Assert.AreEqual("Cannot get value as the cursor is not in a good state", error.Message);
    }

    [TestMethod]
    public void GetGetter_of_an_inactive_column_is_refused()
    {
        var view = Mapped(new NumbersView(3));
        using var cursor = view.GetRowCursor([view.Schema["Name"]]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<uint>(view.Schema["Number"]));

        Assert.AreEqual("requested column not active. (Parameter 'column')", error.Message);
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Number"]));
        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Name"]));
    }

    [TestMethod]
    public void GetGetter_of_another_type_is_refused()
    {
        var view = Mapped(new NumbersView(3));
        using var cursor = view.GetRowCursor(view.Schema);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Number"]));

        Assert.AreEqual("Invalid TValue: 'System.Single', expected type: 'System.UInt32'.", error.Message);
    }

    [TestMethod]
    public void GetRowCursor_of_a_column_of_another_schema_is_refused()
    {
        var view = Mapped(new NumbersView(3));
        var larger = Mapped(view);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => view.GetRowCursor([larger.Schema[2]]));

        Assert.AreEqual("The requested column: Name: String is not part of the sourceSchema", error.Message);
    }

    [TestMethod]
    public void GetRowCursor_of_source_columns_alone_gives_the_plain_cursor()
    {
        var view = Mapped(new NumbersView(3));
        using var cursor = view.GetRowCursor([view.Schema["Number"]]);

        var inactive = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Name"]));

        Assert.AreEqual(new InvalidOperationException().Message, inactive.Message);
        Assert.AreEqual(3, Enumerable.Range(0, 10).Count(_ => cursor.MoveNext()));
    }

    [TestMethod]
    public void Error_in_a_row_arrives_wrapped()
    {
        var source = new NumbersView(500, failAtRow: 300);
        var view = Mapped(source);
        using (var cursor = view.GetRowCursor(view.Schema))
        {
            Exception error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            {
                while (cursor.MoveNext())
                    continue;
            });

            Assert.AreEqual("Splitter/consolidator worker encountered exception while consuming source data", error.Message);
            Assert.AreEqual(1, error.Data["ML_IsMarked"]);
            Assert.IsInstanceOfType<InvalidDataException>(error.GetBaseException());
            Assert.AreEqual("Row 300 is broken.", error.GetBaseException().Message);
        }
        Assert.AreEqual(0, source.OpenCursors);
    }

    [TestMethod]
    public void Dispose_in_the_middle_closes_the_source()
    {
        var source = new NumbersView(100_000);
        var view = Mapped(source);
        var cursor = view.GetRowCursor(view.Schema);
        cursor.MoveNext();

        cursor.Dispose();

        Assert.AreEqual(0, source.OpenCursors);
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void GetRowCursorSet_of_one_gives_one()
    {
        var view = Mapped(new NumbersView(10));

        var cursors = view.GetRowCursorSet(view.Schema, 1);

        Assert.AreEqual(1, cursors.Length);
        cursors[0].Dispose();
    }

    [TestMethod]
    public void GetRowCursorSet_of_several_shares_the_rows()
    {
        var source = new NumbersView(1000);
        var view = Mapped(source);

        var cursors = view.GetRowCursorSet(view.Schema, 3);
        var rows = Task.WhenAll(cursors.Select(cursor => Task.Run(() => Count(cursor)))).Result;

        Assert.AreEqual(3, cursors.Length);
        Assert.AreEqual(1000, rows.Sum());
        Assert.AreEqual(0, source.OpenCursors);
    }

    private static int Count(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var count = 0;
            while (cursor.MoveNext())
                count++;
            return count;
        }
    }

    private IDataView Mapped(IDataView view) => _ml.Transforms.Conversion.MapKeyToValue("Name", "Number").Fit(view).Transform(view);
}
