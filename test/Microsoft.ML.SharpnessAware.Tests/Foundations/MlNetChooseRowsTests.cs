using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetChooseRowsTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void ShuffleRows_seed_decides_the_order()
    {
        Assert.AreEqual("9 8 1 7 2 4 0 5 3 6", Numbers(_ml.Data.ShuffleRows(Rows(10), seed: 7)));
        Assert.AreEqual("2 3 4 0 6 7 8 1 5 9", Numbers(_ml.Data.ShuffleRows(Rows(10), seed: 7, shufflePoolSize: 3)));
    }

    [TestMethod]
    public void ShuffleRows_repeats_in_every_cursor_and_loses_nothing()
    {
        var shuffled = _ml.Data.ShuffleRows(Rows(3000), seed: 1);

        Assert.AreEqual(Numbers(shuffled), Numbers(shuffled));
        Assert.AreSequenceEqual(Enumerable.Range(0, 3000), shuffled.GetColumn<int>("Number").Order());
        Assert.IsTrue(shuffled.CanShuffle);
        Assert.AreEqual(3000, shuffled.GetRowCount());
    }

    [TestMethod]
    public void ShuffleRows_without_a_seed_follows_the_context()
    {
        Assert.AreEqual("6 8 3 1 7 4 2 5 0 9", Numbers(new MLContext(5).Data.ShuffleRows(Rows(10))));
        Assert.AreEqual("3 0 6 7 5 2 1 8 4 9", Numbers(new MLContext(6).Data.ShuffleRows(Rows(10))));
    }

    [TestMethod]
    public void ShuffleRows_keeps_a_rows_values_together_and_its_id()
    {
        var shuffled = _ml.Data.ShuffleRows(Rows(50), seed: 3);
        using var cursor = shuffled.GetRowCursor(shuffled.Schema);
        var getNumber = cursor.GetGetter<int>(shuffled.Schema["Number"]);
        var getDigits = cursor.GetGetter<VBuffer<float>>(shuffled.Schema["Digits"]);
        var getId = cursor.GetIdGetter();
        var number = 0;
        VBuffer<float> digits = default;
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getNumber(ref number);
            getDigits(ref digits);
            getId(ref id);
            Assert.AreSequenceEqual([number / 10, number % 10f], digits.DenseValues());
            Assert.AreEqual((ulong)number, id.Low);
        }
    }

    [TestMethod]
    public void ShuffleRows_reports_what_its_source_throws()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(i => i < 2 ? new Row { Number = i } : throw new IOException("broken")));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Numbers(_ml.Data.ShuffleRows(data, seed: 1)));

        Assert.AreEqual("Shuffle input cursor reader failed with an exception", error.Message);
        Assert.IsInstanceOfType<IOException>(error.InnerException);
    }

    [TestMethod]
    public void TakeRows_and_SkipRows_cut_the_data()
    {
        Assert.AreEqual("0 1 2", Numbers(_ml.Data.TakeRows(Rows(5), 3)));
        Assert.AreEqual("3 4", Numbers(_ml.Data.SkipRows(Rows(5), 3)));
        Assert.AreEqual("2 3", Numbers(_ml.Data.TakeRows(_ml.Data.SkipRows(Rows(5), 2), 2)));
        Assert.AreEqual("", Numbers(_ml.Data.SkipRows(Rows(5), 9)));
        Assert.AreEqual(3, _ml.Data.TakeRows(Rows(5), 3).GetRowCount());
        Assert.AreEqual(2, _ml.Data.SkipRows(Rows(5), 3).GetRowCount());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(Rows(5), 0));
    }

    [TestMethod]
    public void FilterRowsByColumn_keeps_a_half_open_range_and_no_NaN()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 1f, 2f, float.NaN, 3f, 4f }.Select(value => new RealRow { Value = value }));

        Assert.AreSequenceEqual([2f, 3f], _ml.Data.FilterRowsByColumn(data, "Value", lowerBound: 2, upperBound: 4).GetColumn<float>("Value"));
        Assert.AreSequenceEqual([1f], _ml.Data.FilterRowsByColumn(data, "Value", upperBound: 2).GetColumn<float>("Value"));
    }

    [TestMethod]
    public void FilterRowsByColumn_of_text_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new TextRow()]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(data, "Text", 0, 1));

        Assert.AreEqual("Schema mismatch for filter column 'Text': expected number, got String (Parameter 'columnName')", error.Message);
    }

    [TestMethod]
    public void FilterRowsByKeyColumnFraction_takes_keys_by_their_place()
    {
        var data = _ml.Data.LoadFromEnumerable(new uint[] { 0, 1, 2, 3, 9 }.Select(key => new KeyRow { Key = key }));

        Assert.AreSequenceEqual([1u, 2u], _ml.Data.FilterRowsByKeyColumnFraction(data, "Key", upperBound: 0.5).GetColumn<uint>("Key"));
        Assert.AreSequenceEqual([3u, 4u], _ml.Data.FilterRowsByKeyColumnFraction(data, "Key", lowerBound: 0.5).GetColumn<uint>("Key"));
    }

    [TestMethod]
    public void Cache_reads_its_source_once_for_a_column()
    {
        var reads = 0;
        var data = _ml.Data.LoadFromEnumerable(Counted());
        var cached = _ml.Data.Cache(data);

        Assert.AreEqual("0 1 2", Numbers(cached));
        Assert.AreEqual("0 1 2", Numbers(cached));
        Assert.AreEqual(3, reads);
        Assert.AreEqual(3, cached.GetRowCount());
        Assert.IsTrue(cached.CanShuffle);

        IEnumerable<Row> Counted()
        {
            for (var i = 0; i < 3; i++)
            {
                Interlocked.Increment(ref reads);
                yield return new Row { Number = i };
            }
        }
    }

    [TestMethod]
    public void Cache_lets_ShuffleRows_shuffle_its_source()
        => Assert.AreEqual("4 5 1 0 3 6 2 9 7 8", Numbers(_ml.Data.ShuffleRows(_ml.Data.Cache(Rows(10)), seed: 7)));

    [TestMethod]
    public void Cache_unknown_column_is_named()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.Cache(Rows(1), "X"));

        Assert.AreEqual("Could not find prefetch column 'X' (Parameter 'columnsToPrefetch')", error.Message);
    }

    private static IDataView Rows(int count)
        => new MLContext(1).Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { Number = i, Digits = [i / 10, i % 10] }).ToList());

    private static string Numbers(IDataView data) => string.Join(' ', data.GetColumn<int>("Number"));

    private sealed class Row
    {
        public int Number;

        [VectorType(2)]
        public float[]? Digits;
    }

    private sealed class RealRow
    {
        public float Value;
    }

    private sealed class TextRow
    {
        public string? Text;
    }

    private sealed class KeyRow
    {
        [KeyType(4)]
        public uint Key;
    }
}
