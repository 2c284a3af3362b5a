using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class BufferedRowsTests
{
    const int Rows = 5;

    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(nameof(AllKinds.Text))]
    [DataRow(nameof(AllKinds.Flag))]
    [DataRow(nameof(AllKinds.Byte))]
    [DataRow(nameof(AllKinds.Number))]
    [DataRow(nameof(AllKinds.Key))]
    [DataRow(nameof(AllKinds.Date))]
    [DataRow(nameof(AllKinds.Time))]
    [DataRow(nameof(AllKinds.Texts))]
    [DataRow(nameof(AllKinds.Floats))]
    [DataRow(nameof(AllKinds.Bytes))]
    [DataRow(nameof(AllKinds.Own))]
    public void Values_of_every_kind_are_those_of_the_source(string column)
    {
        var rows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new AllKinds(i)).ToArray());
        var values = rows.Schema[column];

        typeof(BufferedRowsTests).GetMethod(nameof(Compare), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(values.Type.RawType).Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, null, [rows, values], null);
    }

    [TestMethod]
    public void Vectors_stay_sparse_and_are_not_shared_with_the_reader()
    {
        var rows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new Sparse { Vector = new VBuffer<float>(100, 1, [i + 1f], [i]) }).ToArray());
        var (buffered, getter) = Buffered<VBuffer<float>>(rows, rows.Schema["Vector"]);

        for (var i = 0; buffered.MoveNext(); i++)
        {
            VBuffer<float> mine = default, again = default;
            getter(ref mine);
            VBufferEditor.CreateFromBuffer(ref mine).Values.Clear();
            getter(ref again);

            Assert.IsFalse(again.IsDense);
            Assert.AreEqual(i + 1f, again.GetItemOrDefault(i));
        }
    }

    [TestMethod]
    public void What_a_getter_throws_is_thrown_when_that_value_is_asked_for_and_spoils_no_other()
    {
        var rows = _ml.Transforms.CustomMapping<AllKinds, Reciprocal>((row, made) => made.Result = row.Byte == 2 ? throw new IOException("no third row") : row.Byte, contractName: null)
            .Fit(_ml.Data.LoadFromEnumerable(new List<AllKinds>())).Transform(_ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new AllKinds(i)).ToArray()));
        var (buffered, getter) = Buffered<float>(rows, rows.Schema["Result"]);

        for (var i = 0; buffered.MoveNext(); i++)
        {
            var value = 0f;
            if (i == 2)
                Assert.AreEqual("no third row", Assert.ThrowsExactly<IOException>(() => getter(ref value)).Message);
            else
                getter(ref value);
            Assert.AreEqual(i == 2 ? 0 : i, value);
        }
    }

    [TestMethod]
    public void Rows_are_replaced_after_Clear()
    {
        var rows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new AllKinds(i)).ToArray());
        using var cursor = rows.GetRowCursor(rows.Schema);
        var buffered = new BufferedRows(cursor, [rows.Schema["Number"]]);
        var getter = (ValueGetter<float>)buffered.GetterOf(rows.Schema["Number"].Index);

        for (var i = 0; cursor.MoveNext(); i++)
        {
            buffered.Clear();
            buffered.Add();
            Assert.IsTrue(buffered.MoveNext());
            Assert.AreEqual(i, buffered.Position);
            var number = 0f;
            getter(ref number);
            Assert.AreEqual(i, number);
            Assert.IsFalse(buffered.MoveNext());
        }
    }

    static void Compare<T>(IDataView rows, DataViewSchema.Column column)
    {
        var (buffered, getter) = Buffered<T>(rows, column);
        using var cursor = rows.GetRowCursor([column]);
        var source = cursor.GetGetter<T>(column);
        while (cursor.MoveNext())
        {
            T expected = default!, actual = default!;
            source(ref expected);
            Assert.IsTrue(buffered.MoveNext());
            getter(ref actual);
            Assert.AreEqual(Written(expected), Written(actual));
        }
        Assert.IsFalse(buffered.MoveNext());
    }

    static (BufferedRows Rows, ValueGetter<T> Getter) Buffered<T>(IDataView rows, DataViewSchema.Column column)
    {
        using var cursor = rows.GetRowCursor([column]);
        var buffered = new BufferedRows(cursor, [column]);
        while (cursor.MoveNext())
            buffered.Add();
        return (buffered, (ValueGetter<T>)buffered.GetterOf(column.Index));
    }

    static string Written<T>(T value) => value switch
    {
        VBuffer<ReadOnlyMemory<char>> texts => string.Join('|', texts.DenseValues()),
        VBuffer<float> numbers => string.Join('|', numbers.DenseValues()),
        VBuffer<byte> bytes => string.Join('|', bytes.DenseValues()),
        _ => $"{value}",
    };

    sealed class AllKinds(int i)
    {
        public AllKinds() : this(0) { }

        public string Text { get; set; } = $"text {i}";

        public bool Flag { get; set; } = i % 2 == 0;

        public byte Byte { get; set; } = (byte)i;

        public float Number { get; set; } = i;

        [KeyType(Rows)]
        public uint Key { get; set; } = (uint)i;

        public DateTime Date { get; set; } = new DateTime(2020, 1, 1).AddDays(i);

        public TimeSpan Time { get; set; } = TimeSpan.FromSeconds(i);

        public string[] Texts { get; set; } = [.. Enumerable.Range(0, i).Select(j => $"word {j}")];

        [VectorType(3)]
        public float[] Floats { get; set; } = [i, i + 1, i + 2];

        public byte[] Bytes { get; set; } = new byte[i];

        [OwnType]
        public Own Own { get; set; } = new(i);
    }

    sealed class Sparse
    {
        [VectorType(100)]
        public VBuffer<float> Vector { get; set; }
    }

    sealed class Reciprocal
    {
        public float Result { get; set; }
    }

    sealed record Own(int Number);

    sealed class OwnDataViewType() : StructuredDataViewType(typeof(Own))
    {
        public override bool Equals(DataViewType? other) => other is OwnDataViewType;

        public override int GetHashCode() => 0;
    }

    [AttributeUsage(AttributeTargets.Property)]
    sealed class OwnTypeAttribute : DataViewTypeAttribute
    {
        public override bool Equals(DataViewTypeAttribute? other) => other is OwnTypeAttribute;

        public override int GetHashCode() => 0;

        public override void Register() => DataViewTypeManager.Register(new OwnDataViewType(), typeof(Own), this);
    }
}
