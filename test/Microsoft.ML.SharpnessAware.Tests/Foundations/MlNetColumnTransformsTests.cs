using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetColumnTransformsTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Concatenate_makes_one_vector_of_scalars_and_vectors()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Width = 1, Sides = [2, 3], Height = 4 }, new Row { Width = 5, Sides = [6, 7], Height = 8 }]);

        var features = _ml.Transforms.Concatenate("Features", "Width", "Sides", "Height").Fit(data).Transform(data);

        Assert.AreEqual("Vector<Single, 4>", features.Schema["Features"].Type.ToString());
        Assert.AreSequenceEqual([1f, 2, 3, 4, 5, 6, 7, 8], features.GetColumn<float[]>("Features").SelectMany(row => row));
        Assert.AreSequenceEqual(["Width", "", "", "Height"], SlotNames(features.Schema["Features"]));
    }

    [TestMethod]
    public void Concatenate_prefixes_the_names_of_slots()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Sides"].AddAnnotation("SlotNames", new[] { "left", "right" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        var data = _ml.Data.LoadFromEnumerable([new Row { Sides = [1, 2] }], definition);

        var both = _ml.Transforms.Concatenate("Both", "Sides", "Width").Fit(data).Transform(data).Schema["Both"];
        var alone = _ml.Transforms.Concatenate("Alone", "Sides").Fit(data).Transform(data).Schema["Alone"];

        Assert.AreSequenceEqual(["Sides.left", "Sides.right", "Width"], SlotNames(both));
        Assert.AreSequenceEqual(["left", "right"], SlotNames(alone));
    }

    [TestMethod]
    public void Concatenate_of_vectors_of_any_size_is_of_any_size()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Sides = [0, 0], Any = [1, 2, 3] }, new Row { Sides = [9, 8] }]);

        var joined = _ml.Transforms.Concatenate("Joined", "Any", "Sides").Fit(data).Transform(data);

        Assert.AreEqual("Vector<Single>", joined.Schema["Joined"].Type.ToString());
        Assert.IsFalse(joined.Schema["Joined"].HasSlotNames());
        Assert.AreSequenceEqual([9f, 8f], joined.GetColumn<float[]>("Joined").Last());
    }

    [TestMethod]
    public void Concatenate_faults_are_named()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row()]);

        Assert.AreEqual(
            "Schema mismatch for input column 'Name': expected Single, got String (Parameter 'inputSchema')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("Features", "Width", "Name").Fit(data).Transform(data)).Message);
        Assert.AreEqual(
            "Could not find input column 'X' (Parameter 'inputSchema')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("Features", "X").Fit(data).Transform(data)).Message);
        Assert.AreEqual(
            "Concatenated columns should have the same type. Column 'Name' has type of String, but expected column type is Single.",
            Assert.ThrowsExactly<InvalidOperationException>(
                () => new EstimatorChain<ITransformer>().Append(_ml.Transforms.Concatenate("Features", "Width", "Name")).Fit(data)).Message);
    }

    [TestMethod]
    public void CopyColumns_gives_a_column_a_second_name()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Name = "ant" }]);

        var copied = _ml.Transforms.CopyColumns("Label", "Name").Fit(data).Transform(data);

        Assert.AreSequenceEqual(["ant"], copied.GetColumn<string>("Label"));
        Assert.AreSequenceEqual(["ant"], copied.GetColumn<string>("Name"));
    }

    [TestMethod]
    public void Save_and_Load_keep_the_columns()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Width = 1, Sides = [2, 3], Height = 4 }]);
        var model = _ml.Transforms.Concatenate("Features", "Sides", "Width").Append(_ml.Transforms.CopyColumns("Copy", "Features")).Fit(data);
        using var stream = new MemoryStream();

        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var loaded = _ml.Model.Load(stream, out _);

        Assert.AreSequenceEqual([2f, 3f, 1f], loaded.Transform(data).GetColumn<float[]>("Copy").Single());
    }

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private sealed class Row
    {
        public float Width;

        [VectorType(2)]
        public float[]? Sides;

        public float Height;

        public float[]? Any;

        public string? Name;
    }
}
