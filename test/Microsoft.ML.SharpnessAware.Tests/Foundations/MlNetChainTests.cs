using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetChainTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly NumbersView _view = new(3);

    [TestMethod]
    public void Fit_promises_the_schema_to_every_estimator_before_it_fits_any()
    {
        var steps = new List<string>();
        var chain = new Step("a", steps).Append(new Step("b", steps));

        chain.Fit(_view);

        Assert.AreEqual("a promises|b promises|a fits|a transforms|b fits|b transforms", string.Join('|', steps));
    }

    [TestMethod]
    public void Fit_describes_each_column_by_kind_item_and_annotations()
    {
        var steps = new List<string>();
        var step = new Step("a", steps);

        step.Append(new Step("b", steps)).Fit(_ml.Transforms.Conversion.MapKeyToValue("Name", "Number").Fit(_view).Transform(_view));

        Assert.AreEqual("Number Scalar UInt32 key (KeyValues Vector String) Name Scalar String", Describe(step.Promised!));
    }

    [TestMethod]
    public void Fit_hides_what_the_schema_hides()
    {
        var step = new Step("a", []);

        step.Append(new Step("b", [])).Fit(_ml.Transforms.Conversion.MapKeyToValue("Number").Fit(_view).Transform(_view));

        Assert.AreEqual("Number Scalar String", Describe(step.Promised!));
    }

    [TestMethod]
    public void Fit_an_unknown_column_is_refused_before_anything_is_fitted()
    {
        var steps = new List<string>();
        var chain = new Step("a", steps).Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "Nowhere"));

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(_view));

        Assert.AreEqual("Could not find input column 'Nowhere' (Parameter 'inputSchema')", error.Message);
        Assert.AreEqual("a promises", string.Join('|', steps));
    }

    [TestMethod]
    public void Fit_another_type_is_refused_with_both_types()
    {
        var conversion = _ml.Transforms.Conversion;
        var chain = conversion.MapKeyToValue("Name", "Number").Append(conversion.MapKeyToValue("Again", "Name"));

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(_view));

        Assert.AreEqual("Schema mismatch for input column 'Name': expected KeyType, got String (Parameter 'inputSchema')", error.Message);
    }

    [TestMethod]
    public void Append_scope_keeps_a_part_out_of_scoring()
    {
        var conversion = _ml.Transforms.Conversion;
        var model = conversion.MapKeyToValue("A", "Number").Append(conversion.MapKeyToValue("B", "Number"), TransformerScope.TrainTest).Fit(_view);

        Assert.AreEqual("Number A", Names(model.Transform(_view).Schema));
        Assert.AreEqual("Number A B", Names(model.Transform(_view, TransformerScope.Testing).Schema));
        Assert.AreEqual(1, model.GetModelFor(TransformerScope.Scoring).Count());
        Assert.AreEqual(2, model.Count());
    }

    [TestMethod]
    public void Append_of_a_transformer_makes_a_chain()
    {
        ITransformer name = _ml.Transforms.Conversion.MapKeyToValue("Name", "Number").Fit(_view);

        var chain = name.Append(_ml.Transforms.Conversion.MapKeyToValue("Again", "Number").Fit(_view));

        Assert.AreEqual("Number Name Again", Names(chain.Transform(_view).Schema));
        Assert.AreSame(chain.LastTransformer, chain.Last());
    }

    [TestMethod]
    public void WithOnFitDelegate_shows_the_fitted_transformer()
    {
        ITransformer? seen = null;

        var model = _ml.Transforms.Conversion.MapKeyToValue("Name", "Number").WithOnFitDelegate(fitted => seen = fitted)
            .Append(new Step("b", [])).Fit(_view);

        Assert.AreSame(model.First(), seen);
    }

    [TestMethod]
    public void AppendCacheCheckpoint_gives_the_next_estimator_the_rows_from_memory()
    {
        var chain = _ml.Transforms.Conversion.MapKeyToValue("Name", "Number").AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.Conversion.MapValueToKey("Back", "Name"));

        Assert.AreEqual("Number Name Back", Names(chain.Fit(_view).GetOutputSchema(_view.Schema)));
        Assert.ThrowsExactly<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_ml));
    }

    [TestMethod]
    public void Dispose_disposes_every_part_once()
    {
        var steps = new List<string>();
        var model = new Step("a", steps).Append(new Step("b", steps)).Fit(_view);
        steps.Clear();

        model.Dispose();
        model.Dispose();

        Assert.AreEqual("a is disposed|b is disposed", string.Join('|', steps));
    }

    private static string Names(DataViewSchema schema) => string.Join(' ', schema.Select(c => c.Name));

    private static string Describe(SchemaShape shape) => string.Join(' ', shape.Select(Describe));

    private static string Describe(SchemaShape.Column column)
    {
        var annotations = column.Annotations.Count == 0 ? "" : $" ({Describe(column.Annotations)})";
        return $"{column.Name} {column.Kind} {column.ItemType}{(column.IsKey ? " key" : "")}{annotations}";
    }

    /// <summary>An estimator that notes what is asked of it.</summary>
    private sealed class Step(string name, List<string> steps) : IEstimator<Passage>
    {
        public SchemaShape? Promised { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            steps.Add($"{name} promises");
            Promised = inputSchema;
            return inputSchema;
        }

        public Passage Fit(IDataView input)
        {
            steps.Add($"{name} fits");
            return new(name, steps);
        }
    }

    /// <summary>A transformer that leaves the data as it is and notes what is asked of it.</summary>
    private sealed class Passage(string name, List<string> steps) : ITransformer, IDisposable
    {
        public bool IsRowToRowMapper => false;

        public IDataView Transform(IDataView input)
        {
            steps.Add($"{name} transforms");
            return input;
        }

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException();

        public void Save(ModelSaveContext ctx) => throw new InvalidOperationException();

        public void Dispose() => steps.Add($"{name} is disposed");
    }
}
