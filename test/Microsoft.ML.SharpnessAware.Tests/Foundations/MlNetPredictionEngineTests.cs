using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetPredictionEngineTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Predict_runs_the_pipeline_on_one_object()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Animal, Numbered>(Model());

        Assert.AreEqual(2u, engine.Predict(new Animal { Name = "bee" }).Key);
        Assert.AreEqual("bee", engine.Predict(new Animal { Name = "bee" }).Back);
        Assert.AreEqual(0u, engine.Predict(new Animal { Name = "cow" }).Key);
        Assert.AreSequenceEqual(["Name", "Size", "Key", "Back"], engine.OutputSchema.Select(column => column.Name));
    }

    [TestMethod]
    public void Predict_fills_the_object_that_it_is_given()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Animal, Numbered>(Model());
        var numbered = new Numbered { NotInTheData = 5 };
        var same = numbered;

        engine.Predict(new Animal { Name = "ant" }, ref numbered);

        Assert.AreSame(same, numbered);
        Assert.AreEqual(1u, numbered.Key);
        Assert.AreEqual(5, numbered.NotInTheData, "columns that are missing are ignored");
    }

    [TestMethod]
    public void Predict_null_is_refused()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Animal, Numbered>(Model());

        Assert.AreEqual("example", Assert.ThrowsExactly<ArgumentNullException>(() => engine.Predict(null!)).ParamName);
    }

    [TestMethod]
    public void CreatePredictionEngine_missing_column_is_named_on_request()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Animal, Numbered>(Model(), ignoreMissingColumns: false));

        Assert.AreEqual("Could not find  column 'NotInTheData' (Parameter 'Schema')", error.Message);
    }

    [TestMethod]
    public void CreatePredictionEngine_input_without_a_needed_column_is_named()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Sized, Numbered>(Model()));

        Assert.AreEqual("Could not find input column 'Name' (Parameter 'inputSchema')", error.Message);
    }

    [TestMethod]
    public void CreatePredictionEngine_takes_types_from_the_saved_schema()
    {
        var definition = SchemaDefinition.Create(typeof(Vector));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        var data = _ml.Data.LoadFromEnumerable([new Vector { Values = [1, 2] }], definition);
        var model = _ml.Transforms.Conversion.MapValueToKey("Keys", "Values").Fit(data);

        using var loose = _ml.Model.CreatePredictionEngine<Vector, Keyed>(model);
        using var bound = _ml.Model.CreatePredictionEngine<Vector, Keyed>(model, data.Schema);

        Assert.AreEqual("Vector<Key<UInt32, 0-1>>", loose.OutputSchema["Keys"].Type.ToString());
        Assert.AreEqual("Vector<Key<UInt32, 0-1>, 2>", bound.OutputSchema["Keys"].Type.ToString());
        Assert.AreSequenceEqual([2u, 1u], bound.Predict(new Vector { Values = [2, 1] }).Keys!);
    }

    [TestMethod]
    public void CreatePredictionEngine_schema_that_the_class_lacks_is_named()
    {
        var schema = _ml.Data.LoadFromEnumerable([new Animal()]).Schema;

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Model.CreatePredictionEngine<Sized, Numbered>(Model(), schema));

        Assert.AreEqual("Type should contain a member named Name", error.Message);
    }

    [TestMethod]
    public void CreatePredictionEngine_transformer_that_needs_all_rows_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Animal, Numbered>(new Whole()));

        Assert.AreEqual("Must be a row to row mapper (Parameter 'transformer')", error.Message);
    }

    [TestMethod]
    public void Dispose_ends_the_transformer_unless_told_otherwise()
    {
        var owned = new Disposable(Model());
        var lent = new Disposable(Model());
        var options = new PredictionEngineOptions { OwnsTransformer = false };

        var engine = _ml.Model.CreatePredictionEngine<Animal, Numbered>(owned);
        engine.Dispose();
        engine.Dispose();
        _ml.Model.CreatePredictionEngine<Animal, Numbered>(lent, options).Dispose();

        Assert.AreEqual(1, owned.Disposals);
        Assert.AreEqual(0, lent.Disposals);
        Assert.IsTrue(options.IgnoreMissingColumns);
    }

    private ITransformer Model()
    {
        var data = _ml.Data.LoadFromEnumerable([new Animal { Name = "ant" }, new Animal { Name = "bee" }]);
        return _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key")).Fit(data);
    }

    private sealed class Animal
    {
        public string? Name;
        public float Size;
    }

    private sealed class Sized
    {
        public float Size;
    }

    private sealed class Numbered
    {
        public uint Key;
        public string? Back;
        public int NotInTheData;
    }

    private sealed class Vector
    {
        public float[]? Values;
    }

    private sealed class Keyed
    {
        public uint[]? Keys;
    }

    private sealed class Whole : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException();

        public IDataView Transform(IDataView input) => input;

        public void Save(ModelSaveContext ctx) => throw new InvalidOperationException();
    }

    private sealed class Disposable(ITransformer inner) : ITransformer, IDisposable
    {
        public int Disposals { get; private set; }

        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => inner.Transform(input);

        public void Save(ModelSaveContext ctx) => throw new InvalidOperationException();

        public void Dispose() => Disposals++;
    }
}
