using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetEnumerableTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void LoadFromEnumerable_gives_fields_before_properties_their_types_and_names()
    {
        var schema = _ml.Data.LoadFromEnumerable(Array.Empty<EveryType>()).Schema;

        Assert.AreSequenceEqual(
            [
                "Flag: Boolean", "Small: Byte", "Whole: Int32", "Long: Int64", "Single: Single", "Double: Double", "Text: String", "Memory: String",
                "Renamed: UInt32", "Key: Key<UInt32, 0-2>", "Bytes: Vector<Byte>", "Floats: Vector<Single, 3>", "Grid: Vector<Single, 2, 2>",
                "Texts: Vector<String>", "Buffer: Vector<Single>", "Property: Int32",
            ],
            schema.Select(column => $"{column.Name}: {column.Type}"));
    }

    [TestMethod]
    public void CreateEnumerable_gives_back_what_LoadFromEnumerable_took()
    {
        var row = Assert.ContainsSingle(_ml.Data.CreateEnumerable<EveryType>(_ml.Data.LoadFromEnumerable([Sample()]), reuseRowObject: false));

        Assert.IsTrue(row.Flag);
        Assert.AreEqual((byte)200, row.Small);
        Assert.AreEqual(-7, row.Whole);
        Assert.AreEqual(1L << 40, row.Long);
        Assert.AreEqual(1.5f, row.Single);
        Assert.AreEqual(2.25, row.Double);
        Assert.AreEqual("text", row.Text);
        Assert.AreEqual("memory", row.Memory.ToString());
        Assert.AreEqual(9u, row.Other);
        Assert.AreEqual(2u, row.Key, "keys come out one higher than they went in");
        Assert.AreSequenceEqual(new byte[] { 1, 2 }, row.Bytes!);
        Assert.AreSequenceEqual([1f, 2f, 3f], row.Floats!);
        Assert.AreSequenceEqual(["a", "", "b"], row.Texts!);
        Assert.AreSequenceEqual([0f, 5f], row.Buffer.DenseValues());
        Assert.AreEqual(11, row.Property);
        Assert.AreEqual(0, row.NotAColumn);
    }

    [TestMethod]
    public void LoadFromEnumerable_key_past_its_count_is_missing()
    {
        KeyRow[] rows = [new() { Key = 0 }, new() { Key = 2 }, new() { Key = 3 }, new() { Key = uint.MaxValue }];

        Assert.AreSequenceEqual([1u, 3u, 0u, 0u], _ml.Data.LoadFromEnumerable(rows).GetColumn<uint>("Key"));
    }

    [TestMethod]
    public void LoadFromEnumerable_null_text_and_null_array_are_empty()
    {
        var data = _ml.Data.LoadFromEnumerable([new EveryType()]);

        Assert.AreEqual("", data.GetColumn<string>("Text").Single());
        Assert.IsEmpty(data.GetColumn<byte[]>("Bytes").Single());
        Assert.IsEmpty(data.GetColumn<string[]>("Texts").Single());
    }

    [TestMethod]
    public void LoadFromEnumerable_counts_collections_only_and_does_not_shuffle()
    {
        var list = _ml.Data.LoadFromEnumerable(new List<KeyRow> { new(), new() });
        var sequence = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 2).Select(_ => new KeyRow()));

        Assert.AreEqual(2, list.GetRowCount());
        Assert.IsNull(sequence.GetRowCount());
        Assert.IsFalse(list.CanShuffle);
    }

    [TestMethod]
    public void LoadFromEnumerable_every_cursor_enumerates_anew()
    {
        var starts = 0;
        IEnumerable<KeyRow> Rows()
        {
            starts++;
            yield return new KeyRow();
        }

        var data = _ml.Data.LoadFromEnumerable(Rows());

        Assert.AreEqual(0, starts);
        Assert.HasCount(1, data.GetColumn<uint>("Key").ToArray());
        Assert.HasCount(1, data.GetColumn<uint>("Key").ToArray());
        Assert.AreEqual(2, starts);
    }

    [TestMethod]
    public void Cursor_tells_position_and_id()
    {
        var data = _ml.Data.LoadFromEnumerable([new KeyRow(), new KeyRow()]);
        using var cursor = data.GetRowCursor(data.Schema);
        var getId = cursor.GetIdGetter();
        DataViewRowId id = default;

        Assert.AreEqual(-1, cursor.Position);
        Assert.ThrowsExactly<InvalidOperationException>(() => getId(ref id));
        Assert.IsTrue(cursor.MoveNext());
        Assert.IsTrue(cursor.MoveNext());
        getId(ref id);
        Assert.AreEqual(1, cursor.Position);
        Assert.AreEqual(1ul, id.Low);
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void CreateEnumerable_reuses_the_row_only_on_request()
    {
        var data = _ml.Data.LoadFromEnumerable([new KeyRow { Key = 0 }, new KeyRow { Key = 1 }]);

        Assert.HasCount(1, _ml.Data.CreateEnumerable<KeyRow>(data, reuseRowObject: true).Distinct().ToArray());
        Assert.HasCount(2, _ml.Data.CreateEnumerable<KeyRow>(data, reuseRowObject: false).Distinct().ToArray());
    }

    [TestMethod]
    public void SchemaDefinition_changes_type_and_adds_annotations()
    {
        var definition = SchemaDefinition.Create(typeof(PlainRow));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["Features"].AddAnnotation("SlotNames", new[] { "width", "height" }, new VectorDataViewType(TextDataViewType.Instance, 2));

        var column = _ml.Data.LoadFromEnumerable([new PlainRow { Features = [1, 2] }], definition).Schema["Features"];

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        Assert.AreEqual("Vector<Single, 2>", column.Type.ToString());
        Assert.AreSequenceEqual(["width", "height"], names.DenseValues().Select(name => name.ToString()));
    }

    [TestMethod]
    public void LoadFromEnumerable_takes_types_and_annotations_of_a_schema()
    {
        var definition = SchemaDefinition.Create(typeof(PlainRow));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["Features"].AddAnnotation("SlotNames", new[] { "width", "height" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        var schema = _ml.Data.LoadFromEnumerable(Array.Empty<PlainRow>(), definition).Schema;

        var copy = _ml.Data.LoadFromEnumerable(Array.Empty<PlainRow>(), schema).Schema["Features"];

        Assert.AreEqual("Vector<Single, 2>", copy.Type.ToString());
        Assert.IsTrue(copy.HasSlotNames());
    }

    private static EveryType Sample() => new()
    {
        Flag = true,
        Small = 200,
        Whole = -7,
        Long = 1L << 40,
        Single = 1.5f,
        Double = 2.25,
        Text = "text",
        Memory = "memory".AsMemory(),
        Other = 9,
        Key = 1,
        Bytes = [1, 2],
        Floats = [1, 2, 3],
        Grid = [1, 2, 3, 4],
        Texts = ["a", null!, "b"],
        Buffer = new VBuffer<float>(2, 1, [5f], [1]),
        Property = 11,
        NotAColumn = 12,
    };

    private sealed class EveryType
    {
        public bool Flag;
        public byte Small;
        public int Whole;
        public long Long;
        public float Single;
        public double Double;
        public string? Text;
        public ReadOnlyMemory<char> Memory;

        [ColumnName("Renamed")]
        public uint Other;

        [KeyType(3)]
        public uint Key;

        public byte[]? Bytes;

        [VectorType(3)]
        public float[]? Floats;

        [VectorType(2, 2)]
        public float[]? Grid;

        public string[]? Texts;
        public VBuffer<float> Buffer;

        [NoColumn]
        public int NotAColumn;

        public int Property { get; set; }
    }

    private sealed class KeyRow
    {
        [KeyType(3)]
        public uint Key;
    }

    private sealed class PlainRow
    {
        public float[]? Features;
    }
}
