using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetMapValueToKeyTests
{
    private const ValueToKeyMappingEstimator.KeyOrdinality ByValue = ValueToKeyMappingEstimator.KeyOrdinality.ByValue;

    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void MapValueToKey_numbers_text_by_occurrence()
    {
        var (keys, values) = Map<string>(Texts("b", "a", "", "b", "Z"));

        Assert.AreSequenceEqual([1u, 2u, 0u, 1u, 3u], keys);
        Assert.AreSequenceEqual(["b", "a", "Z"], values);
    }

    [TestMethod]
    public void MapValueToKey_numbers_text_by_value_in_ordinal_order()
    {
        var (keys, values) = Map<string>(Texts("b", "a", "", "é", "Z"), ByValue);

        Assert.AreSequenceEqual([3u, 2u, 0u, 4u, 1u], keys);
        Assert.AreSequenceEqual(["Z", "a", "b", "é"], values);
    }

    [TestMethod]
    public void MapValueToKey_numbers_reals_and_leaves_NaN_out()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 2.5f, float.NaN, -1f, 0f, 2.5f }.Select(value => new SingleRow { Value = value }));

        Assert.AreSequenceEqual([1u, 0u, 2u, 3u, 1u], Map<float>(data).Keys);
        Assert.AreSequenceEqual([2.5f, -1f, 0f], Map<float>(data).Values);
        Assert.AreSequenceEqual([3u, 0u, 1u, 2u, 3u], Map<float>(data, ByValue).Keys);
        Assert.AreSequenceEqual([-1f, 0f, 2.5f], Map<float>(data, ByValue).Values);
    }

    [TestMethod]
    public void MapValueToKey_numbers_integers_zero_included()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 7, 0, -3, 7 }.Select(value => new Int32Row { Value = value }));

        Assert.AreSequenceEqual([1u, 2u, 3u, 1u], Map<int>(data).Keys);
        Assert.AreSequenceEqual([-3, 0, 7], Map<int>(data, ByValue).Values);
    }

    [TestMethod]
    public void MapValueToKey_numbers_truth()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { true, false, true }.Select(value => new BooleanRow { Value = value }));

        Assert.AreSequenceEqual([1u, 2u, 1u], Map<bool>(data).Keys);
        Assert.AreSequenceEqual([false, true], Map<bool>(data, ByValue).Values);
    }

    [TestMethod]
    public void MapValueToKey_gives_a_key_of_the_number_of_values()
    {
        var column = Fit(Texts("b", "a", "b")).Schema["Key"];

        Assert.AreEqual("Key<UInt32, 0-1>", column.Type.ToString());
        Assert.IsTrue(column.HasKeyValues());
    }

    [TestMethod]
    public void MapValueToKey_of_no_values_gives_one_key_without_a_value()
    {
        var column = Fit(Texts("", "")).Schema["Key"];

        Assert.AreEqual("Key<UInt32, 0-0>", column.Type.ToString());
        Assert.IsFalse(column.HasKeyValues());
    }

    [TestMethod]
    public void MapValueToKey_keeps_the_first_values_up_to_the_limit()
    {
        var data = Texts("c", "b", "a", "c");

        var column = _ml.Transforms.Conversion.MapValueToKey("Key", "Value", maximumNumberOfKeys: 2, keyOrdinality: ByValue).Fit(data).Transform(data);

        Assert.AreSequenceEqual([2u, 1u, 0u, 2u], column.GetColumn<uint>("Key"));
    }

    [TestMethod]
    public void MapValueToKey_unseen_value_is_missing()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Value").Fit(Texts("a"));

        Assert.AreSequenceEqual([0u, 1u], model.Transform(Texts("b", "a")).GetColumn<uint>("Key"));
    }

    [TestMethod]
    public void MapValueToKey_annotates_with_text_on_request()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 0.1f, 1e10f, 2f }.Select(value => new SingleRow { Value = value }));

        var column = _ml.Transforms.Conversion.MapValueToKey("Key", "Value", addKeyValueAnnotationsAsText: true).Fit(data).Transform(data).Schema["Key"];

        Assert.AreSequenceEqual(["0.1", "1E+10", "2"], KeyValues<ReadOnlyMemory<char>>(column).Select(text => text.ToString()));
    }

    [TestMethod]
    public void MapValueToKey_takes_given_values()
    {
        var given = _ml.Data.LoadFromEnumerable(new[] { "x", "a" }.Select(value => new TextRow { Value = value }));

        var data = Texts("a", "b", "x");
        var mapped = _ml.Transforms.Conversion.MapValueToKey("Key", "Value", keyData: given).Fit(data).Transform(data);

        Assert.AreSequenceEqual([2u, 0u, 1u], mapped.GetColumn<uint>("Key"));
    }

    [TestMethod]
    public void MapValueToKey_maps_several_columns_and_keeps_them_apart()
    {
        var data = _ml.Data.LoadFromEnumerable([new PairRow { First = "a", Second = 5 }, new PairRow { First = "b", Second = 5 }]);

        var mapped = _ml.Transforms.Conversion.MapValueToKey([new InputOutputColumnPair("First"), new InputOutputColumnPair("Key", "Second")]).Fit(data).Transform(data);

        Assert.AreSequenceEqual([1u, 2u], mapped.GetColumn<uint>("First"));
        Assert.AreSequenceEqual([1u, 1u], mapped.GetColumn<uint>("Key"));
        Assert.AreSequenceEqual([5.0, 5.0], mapped.GetColumn<double>("Second"));
    }

    [TestMethod]
    public void MapValueToKey_maps_every_slot_of_a_vector()
    {
        var data = _ml.Data.LoadFromEnumerable([new VectorRow { Value = ["a", "b"] }, new VectorRow { Value = ["c", "a"] }]);

        var mapped = Fit(data);

        Assert.AreEqual("Vector<Key<UInt32, 0-2>, 2>", mapped.Schema["Key"].Type.ToString());
        Assert.AreSequenceEqual([1u, 2u, 3u, 1u], mapped.GetColumn<uint[]>("Key").SelectMany(keys => keys));
    }

    [TestMethod]
    public void GetOutputSchema_promises_a_key_with_key_values()
    {
        var probe = new ShapeProbe();

        _ml.Transforms.Conversion.MapValueToKey("Key", "Value").Append(probe).Fit(Texts("a"));

        var column = probe.Seen!.Single(column => column.Name == "Key");
        Assert.IsTrue(column.IsKey);
        Assert.AreEqual(NumberDataViewType.UInt32, column.ItemType);
        Assert.AreEqual(TextDataViewType.Instance, column.Annotations.Single(annotation => annotation.Name == "KeyValues").ItemType);
    }

    [TestMethod]
    public void Fit_unknown_column_is_named()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Texts("a")));

        Assert.AreEqual("Could not find input column 'Label' (Parameter 'inputSchema')", error.Message);
    }

    [TestMethod]
    public void Transform_column_of_another_type_is_named()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Value").Fit(Texts("a"));
        var data = _ml.Data.LoadFromEnumerable([new SingleRow()]);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => model.Transform(data));

        Assert.AreEqual("Could not apply a map over type 'String' to column 'Key' since it has type 'Single'", error.Message);
    }

    [TestMethod]
    public void MapValueToKey_limit_of_zero_is_refused()
    {
        var estimator = _ml.Transforms.Conversion.MapValueToKey("Key", "Value", maximumNumberOfKeys: 0);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Texts("a")));

        Assert.AreEqual("Must be positive (Parameter 'MaxNumTerms')", error.Message);
    }

    private IDataView Texts(params string[] values) => _ml.Data.LoadFromEnumerable(values.Select(value => new TextRow { Value = value }));

    private IDataView Fit(IDataView data, ValueToKeyMappingEstimator.KeyOrdinality ordinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence)
        => _ml.Transforms.Conversion.MapValueToKey("Key", "Value", keyOrdinality: ordinality).Fit(data).Transform(data);

    private (uint[] Keys, T[] Values) Map<T>(
        IDataView data, ValueToKeyMappingEstimator.KeyOrdinality ordinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence)
    {
        var mapped = Fit(data, ordinality);
        var values = typeof(T) == typeof(string)
            ? (T[])(object)KeyValues<ReadOnlyMemory<char>>(mapped.Schema["Key"]).Select(text => text.ToString()).ToArray()
            : KeyValues<T>(mapped.Schema["Key"]);
        return ([.. mapped.GetColumn<uint>("Key")], values);
    }

    private static T[] KeyValues<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }

    /// <summary>Keeps the shape that the estimators before it promise.</summary>
    private sealed class ShapeProbe : IEstimator<ITransformer>
    {
        public SchemaShape? Seen { get; private set; }

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;
    }

    private sealed class TextRow
    {
        public string? Value;
    }

    private sealed class SingleRow
    {
        public float Value;
    }

    private sealed class Int32Row
    {
        public int Value;
    }

    private sealed class BooleanRow
    {
        public bool Value;
    }

    private sealed class PairRow
    {
        public string? First;
        public double Second;
    }

    private sealed class VectorRow
    {
        [VectorType(2)]
        public string[]? Value;
    }
}
