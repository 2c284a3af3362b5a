using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public sealed class MlNetTextLoaderTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [TestMethod]
    public void LoadFromTextFile_reads_tabs_by_the_attributes_of_the_row()
    {
        Write("cats/a.png\tcat\t1.5\t2\t1", "dogs/b.png\tdog\t-2e3\t0\t0");

        var rows = _ml.Data.CreateEnumerable<Row>(_ml.Data.LoadFromTextFile<Row>(_path), reuseRowObject: false).ToArray();

        Assert.AreSequenceEqual(["cats/a.png", "dogs/b.png"], rows.Select(row => row.ImagePath));
        Assert.AreSequenceEqual(["cat", "dog"], rows.Select(row => row.Label));
        Assert.AreSequenceEqual([1.5f, -2000f], rows.Select(row => row.Weight));
        Assert.AreSequenceEqual([3u, 1u], rows.Select(row => row.Key));
        Assert.AreSequenceEqual([true, false], rows.Select(row => row.Flag));
    }

    [TestMethod]
    public void LoadFromTextFile_gives_columns_in_the_order_of_the_members()
    {
        Write("x\ty\t1\t1\t1");

        var data = _ml.Data.LoadFromTextFile<Row>(_path);

        Assert.AreSequenceEqual(
            ["ImagePath: String", "Label: String", "Weight: Single", "Key: Key<UInt32, 0-2>", "Flag: Boolean"],
            data.Schema.Select(column => $"{column.Name}: {column.Type}"));
        Assert.IsFalse(data.CanShuffle);
        Assert.IsNull(data.GetRowCount());
    }

    [TestMethod]
    public void LoadFromTextFile_skips_header_comments_and_empty_lines()
    {
        Write("# a remark", "", "// another", "name,value", "a,1", "", "// not a row", "#b,2");

        var data = _ml.Data.LoadFromTextFile(_path, NameAndValue, separatorChar: ',', hasHeader: true);

        Assert.AreSequenceEqual(["a", "#b"], data.GetColumn<string>("Name"));
        Assert.AreSequenceEqual([1f, 2f], data.GetColumn<float>("Value"));
    }

    [TestMethod]
    public void LoadFromTextFile_quotes_hold_separators_on_request()
    {
        Write("\"a, \"\"b\"\"\",1", " c ,2");

        var quoted = _ml.Data.LoadFromTextFile(_path, NameAndValue, separatorChar: ',', allowQuoting: true);
        var plain = _ml.Data.LoadFromTextFile(_path, [new TextLoader.Column("Name", DataKind.String, 0)], separatorChar: ',');

        Assert.AreSequenceEqual(["a, \"b\"", "c "], quoted.GetColumn<string>("Name"));
        Assert.AreSequenceEqual([1f, 2f], quoted.GetColumn<float>("Value"));
        Assert.AreSequenceEqual(["\"a", "c "], plain.GetColumn<string>("Name"));
    }

    [TestMethod]
    public void LoadFromTextFile_trims_the_end_of_lines_on_request()
    {
        Write("1\ta  \t");

        var columns = new[] { new TextLoader.Column("Name", DataKind.String, 1) };

        Assert.AreEqual("a  ", _ml.Data.LoadFromTextFile(_path, columns).GetColumn<string>("Name").Single());
        Assert.AreEqual("a", _ml.Data.LoadFromTextFile(_path, columns, trimWhitespace: true).GetColumn<string>("Name").Single());
    }

    [TestMethod]
    public void LoadFromTextFile_ranges_become_vectors()
    {
        Write("7\t1\t2\t3", "8\t4\t\t6");
        TextLoader.Column[] columns = [new("Label", DataKind.Int32, 0), new("Features", DataKind.Single, 1, 3), new("One", DataKind.Single, [new TextLoader.Range(2, 2)])];

        var data = _ml.Data.LoadFromTextFile(_path, columns);

        Assert.AreEqual("Int32, Vector<Single, 3>, Vector<Single, 1>", string.Join(", ", data.Schema.Select(column => column.Type)));
        Assert.AreSequenceEqual([7, 8], data.GetColumn<int>("Label"));
        Assert.AreSequenceEqual([1f, 2f, 3f, 4f, 0f, 6f], data.GetColumn<float[]>("Features").SelectMany(row => row));
    }

    [TestMethod]
    public void LoadFromTextFile_without_columns_takes_a_label_and_features()
    {
        Write("label\twidth\theight", "1\t2\t3");

        var data = _ml.Data.LoadFromTextFile(_path, new TextLoader.Options { HasHeader = true });

        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Features"].GetSlotNames(ref names);
        Assert.AreEqual("Label: Single, Features: Vector<Single, 2>", string.Join(", ", data.Schema.Select(column => $"{column.Name}: {column.Type}")));
        Assert.AreSequenceEqual(["width", "height"], names.DenseValues().Select(name => name.ToString()));
        Assert.AreSequenceEqual([2f, 3f], data.GetColumn<float[]>("Features").Single());
    }

    [TestMethod]
    public void LoadFromTextFile_missing_values_are_NaN_zero_or_empty()
    {
        Write("\t\t\t", "?\tNA\t?\t?", "x\t1x\t9\t-1");
        TextLoader.Column[] columns =
        [
            new("Text", DataKind.String, 0),
            new("Real", DataKind.Single, 1),
            new("Key", DataKind.UInt32, [new TextLoader.Range(2)], new KeyCount(3)),
            new("Double", DataKind.Double, 3),
        ];

        var data = _ml.Data.LoadFromTextFile(_path, columns);

        Assert.AreSequenceEqual(["", "?", "x"], data.GetColumn<string>("Text"));
        Assert.AreSequenceEqual([0f, float.NaN, float.NaN], data.GetColumn<float>("Real"));
        Assert.AreSequenceEqual([0u, 0u, 0u], data.GetColumn<uint>("Key"));
        Assert.AreSequenceEqual([0.0, double.NaN, -1.0], data.GetColumn<double>("Double"));
    }

    [TestMethod]
    public void LoadFromTextFile_empty_reals_are_NaN_on_request()
    {
        Write("1\t\t3");
        var options = new TextLoader.Options { Columns = [new("Features", DataKind.Single, 0, 3)], MissingRealsAsNaNs = true };

        Assert.AreSequenceEqual([1f, float.NaN, 3f, float.NaN], _ml.Data.LoadFromTextFile(_path, options).GetColumn<float[]>("Features").Single());
    }

    [TestMethod]
    [DataRow("1", true)]
    [DataRow("yes", true)]
    [DataRow("TRUE", true)]
    [DataRow("+1", true)]
    [DataRow("0", false)]
    [DataRow("No", false)]
    [DataRow("false", false)]
    [DataRow("-1", false)]
    public void LoadFromTextFile_reads_truth(string text, bool expected)
    {
        Write(text);

        Assert.AreEqual(expected, _ml.Data.LoadFromTextFile(_path, [new TextLoader.Column("Flag", DataKind.Boolean, 0)]).GetColumn<bool>("Flag").Single());
    }

    [TestMethod]
    public void LoadFromTextFile_text_that_is_no_number_is_named()
    {
        Write("1", "one");
        var data = _ml.Data.LoadFromTextFile(_path, [new TextLoader.Column("Count", DataKind.Int32, 0)]);

        var error = Assert.ThrowsExactly<FormatException>(() => data.GetColumn<int>("Count").ToArray());

        Assert.AreEqual("Parsing failed with an exception: Could not parse value one in line 2, column Count", error.Message);
    }

    [TestMethod]
    public void LoadFromTextFile_stops_at_MaxRows()
    {
        Write("a", "b", "c");
        var options = new TextLoader.Options { Columns = [new("Name", DataKind.String, 0)], MaxRows = 2 };

        Assert.AreSequenceEqual(["a", "b"], _ml.Data.LoadFromTextFile(_path, options).GetColumn<string>("Name"));
    }

    [TestMethod]
    public void LoadFromTextFile_missing_file_is_named()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromTextFile<Row>("no-such-file.tsv"));

        Assert.AreEqual("File or directory does not exist at path: no-such-file.tsv (Parameter 'path')", error.Message);
    }

    [TestMethod]
    public void LoadFromTextFile_member_without_a_field_is_named()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.LoadFromTextFile<Unmarked>(_path));

        Assert.AreEqual("Field 'Name' is missing the LoadColumnAttribute attribute", error.Message);
    }

    [TestMethod]
    public void CreateTextLoader_loads_several_files_as_one()
    {
        var other = Path.GetTempFileName();
        try
        {
            Write("name,value", "a,1");
            File.WriteAllLines(other, ["name,value", "b,2"]);
            var loader = _ml.Data.CreateTextLoader(NameAndValue, separatorChar: ',', hasHeader: true);

            var data = loader.Load(new MultiFileSource(_path, other));

            Assert.AreSequenceEqual(["a", "b"], data.GetColumn<string>("Name"));
        }
        finally
        {
            File.Delete(other);
        }
    }

    private static TextLoader.Column[] NameAndValue => [new("Name", DataKind.String, 0), new("Value", DataKind.Single, 1)];

    private void Write(params string[] lines) => File.WriteAllLines(_path, lines);

    private sealed class Row
    {
        [LoadColumn(0)]
        public string? ImagePath;

        [LoadColumn(1)]
        public string? Label;

        [LoadColumn(2)]
        public float Weight;

        [LoadColumn(3), KeyType(3)]
        public uint Key;

        [LoadColumn(4)]
        public bool Flag { get; set; }
    }

    private sealed class Unmarked
    {
        public string? Name;
    }
}
