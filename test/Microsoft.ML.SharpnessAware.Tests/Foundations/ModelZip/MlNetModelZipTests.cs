using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetModelZipTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Load_a_hand_made_zip_works()
    {
        var model = _ml.Model.Load(ModelZip.Pack(ModelZip.LabelsAndBack()), out var schema);

        Assert.IsNull(schema);
        Assert.AreEqual("Microsoft.ML.Data.TransformerChain`1[Microsoft.ML.ITransformer]", model.GetType().ToString());
        CollectionAssert.AreEqual(new[] { "bee", "", "ant" }, Predict(model, "bee", "dog", "ant"));
    }

    [TestMethod]
    public void Load_an_entry_with_backslashes_works()
    {
        var entries = ModelZip.LabelsAndBack().ToDictionary(entry => entry.Key.Replace('/', '\\'), entry => entry.Value);

        var model = _ml.Model.Load(ModelZip.Pack(entries), out _);

        CollectionAssert.AreEqual(new[] { "cow" }, Predict(model, "cow"));
    }

    [TestMethod]
    public void Load_a_hand_made_schema_works()
    {
        var entries = ModelZip.LabelsAndBack();
        entries[ModelZip.Schema] = new HandMadeSchema()
            .Column("Features", HandMadeSchema.Vector(HandMadeSchema.Codec("Single"), 3))
            .Column("Image", HandMadeSchema.Vector(HandMadeSchema.Codec("Byte"), 0))
            .Column("Species", HandMadeSchema.Codec("TextSpan"))
            .KeyColumn("Size", [2.5f, 1, 7])
            .ToBytes();

        _ml.Model.Load(ModelZip.Pack(entries), out var schema);

        Assert.AreEqual("Features: Vector<Single, 3>|Image: Vector<Byte>|Species: String|Size: Key<UInt32, 0-2> {KeyValues}", string.Join('|', schema));
        VBuffer<float> sizes = default;
        schema["Size"].GetKeyValues(ref sizes);
        CollectionAssert.AreEqual(new[] { 2.5f, 1, 7 }, sizes.DenseValues().ToArray());
    }

    [TestMethod]
    public void Load_annotations_are_copied_to_whoever_asks()
    {
        var entries = ModelZip.LabelsAndBack();
        entries[ModelZip.Schema] = new HandMadeSchema().KeyColumn("Size", [2.5f, 1, 7]).ToBytes();
        _ml.Model.Load(ModelZip.Pack(entries), out var schema);
        VBuffer<float> first = default, second = default;

        schema["Size"].GetKeyValues(ref first);
        var editor = VBufferEditor.CreateFromBuffer(ref first);
        editor.Values.Clear();
        schema["Size"].GetKeyValues(ref second);

        CollectionAssert.AreEqual(new[] { 2.5f, 1, 7 }, second.DenseValues().ToArray());
    }

    [TestMethod]
    public void Save_writes_the_bytes_of_the_table()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows("ant", "bee", "cow"));
        var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel", "Label"))
            .Fit(data);

        var entries = Save(model, data.Schema);

        CollectionAssert.AreEqual(
            new[] { ModelZip.Version, ModelZip.Terms, ModelZip.Vocabulary, ModelZip.First, ModelZip.Second, ModelZip.Chain, ModelZip.Schema },
            entries.Keys.ToArray());
        foreach (var (name, bytes) in ModelZip.LabelsAndBack())
            CollectionAssert.AreEqual(bytes, entries[name], name);
        CollectionAssert.AreEqual(new HandMadeSchema().Column("Label", HandMadeSchema.Codec("TextSpan")).ToBytes(), entries[ModelZip.Schema]);
        Assert.AreEqual("# Number of terms = 3\n0\tant\n1\tbee\n2\tcow\n", Encoding.UTF8.GetString(entries[ModelZip.Terms]).ReplaceLineEndings("\n"));
        StringAssert.Matches(Encoding.UTF8.GetString(entries[ModelZip.Version]), new(@"^5\.0\.0[^\n]*\n$"));
    }

    [TestMethod]
    public void Save_a_single_transformer_makes_no_chain_of_it()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows("ant", "bee", "cow"));
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data);

        var entries = Save(model, null);

        CollectionAssert.AreEqual(
            new[] { ModelZip.Version, "TransformerChain/Vocabulary/Terms.txt", "TransformerChain/Vocabulary/Model.key", ModelZip.Chain },
            entries.Keys.ToArray());
        CollectionAssert.AreEqual(ModelZip.LabelsAndBack()[ModelZip.First], entries[ModelZip.Chain]);
    }

    [TestMethod]
    public void Save_keeps_the_scope_of_each_part()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows("ant", "bee", "cow"));
        var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel", "Label"), TransformerScope.Training)
            .Fit(data);

        var chain = new HandMadeKey("XF CHAIN", 0x00010001, "TransformerChain").Int32(2).Int32(7).Int32(1).ToBytes();

        CollectionAssert.AreEqual(chain, Save(model, null)[ModelZip.Chain]);
    }

    [TestMethod]
    public void Save_compresses_long_annotations_and_reads_them_back()
    {
        var names = Enumerable.Range(0, 200).Select(i => $"class {i}").ToArray();
        var data = _ml.Data.LoadFromEnumerable(Rows(names));
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        var model = _ml.Transforms.Conversion.MapKeyToValue("Name", "Label").Fit(keys);
        using var stream = new MemoryStream();

        _ml.Model.Save(model, keys.Schema, stream);
        _ml.Model.Load(stream, out var schema);

        Assert.IsTrue(ModelZip.Unpack(stream)[ModelZip.Schema].Length < 1500);
        Assert.AreEqual("Label: String|Label: Key<UInt32, 0-199> {KeyValues}", string.Join('|', schema));
        VBuffer<ReadOnlyMemory<char>> values = default;
        schema["Label"].GetKeyValues(ref values);
        CollectionAssert.AreEqual(names, values.DenseValues().Select(v => v.ToString()).ToArray());
    }

    private Dictionary<string, byte[]> Save(ITransformer model, DataViewSchema? schema)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        return ModelZip.Unpack(stream);
    }

    private string[] Predict(ITransformer model, params string[] labels)
    {
        var scored = model.Transform(_ml.Data.LoadFromEnumerable(Rows(labels)));
        using var cursor = scored.GetRowCursor([scored.Schema["PredictedLabel"]]);
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["PredictedLabel"]);
        var predicted = new List<string>();
        ReadOnlyMemory<char> text = default;
        while (cursor.MoveNext())
        {
            getter(ref text);
            predicted.Add(text.ToString());
        }
        return [.. predicted];
    }

    private static IEnumerable<Row> Rows(params string[] labels) => labels.Select(label => new Row { Label = label });

    private sealed class Row
    {
        public string Label { get; set; } = "";
    }
}
