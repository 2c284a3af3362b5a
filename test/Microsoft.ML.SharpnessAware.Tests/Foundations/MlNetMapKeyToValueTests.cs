using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetMapKeyToValueTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void MapKeyToValue_gives_text_back_and_empties_the_missing()
    {
        var data = Keys([0, 2, 9], "ant", "bee", "cow");

        var back = _ml.Transforms.Conversion.MapKeyToValue("Name", "Key").Fit(data).Transform(data);

        Assert.AreEqual(TextDataViewType.Instance, back.Schema["Name"].Type);
        Assert.AreSequenceEqual(["ant", "cow", ""], back.GetColumn<string>("Name"));
    }

    [TestMethod]
    public void MapKeyToValue_gives_reals_back_and_NaN_for_the_missing()
    {
        var data = Keys([1, 9, 0], 0.5f, -2f, 0f);

        var back = _ml.Transforms.Conversion.MapKeyToValue("Key").Fit(data).Transform(data);

        Assert.AreEqual(NumberDataViewType.Single, back.Schema["Key"].Type);
        Assert.AreSequenceEqual([-2f, float.NaN, 0.5f], back.GetColumn<float>("Key"));
    }

    [TestMethod]
    public void MapKeyToValue_gives_integers_back_and_zero_for_the_missing()
    {
        var data = Keys([1, 9], 5, 6, 7);

        var back = _ml.Transforms.Conversion.MapKeyToValue([new InputOutputColumnPair("Number", "Key")]).Fit(data).Transform(data);

        Assert.AreSequenceEqual([6, 0], back.GetColumn<int>("Number"));
    }

    [TestMethod]
    public void MapKeyToValue_undoes_MapValueToKey_of_vectors()
    {
        var data = _ml.Data.LoadFromEnumerable([new VectorRow { Values = [3.5, 1] }, new VectorRow { Values = [1, 2] }]);
        var both = _ml.Transforms.Conversion.MapValueToKey("Keys", "Values").Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Keys"));

        var back = both.Fit(data).Transform(data);

        Assert.AreSequenceEqual([3.5, 1, 1, 2], back.GetColumn<double[]>("Back").SelectMany(values => values));
    }

    [TestMethod]
    public void MapKeyToValue_same_name_hides_the_key_column()
    {
        var data = Keys([0], "ant", "bee", "cow");

        var back = _ml.Transforms.Conversion.MapKeyToValue("Key").Fit(data).Transform(data);

        Assert.HasCount(2, back.Schema.ToArray());
        Assert.IsTrue(back.Schema[0].IsHidden);
        Assert.AreEqual("ant", back.GetColumn<string>("Key").Single());
    }

    [TestMethod]
    public void Fit_column_that_is_no_key_is_named()
    {
        var data = _ml.Data.LoadFromEnumerable([new VectorRow { Values = [1, 2] }]);
        var chain = new EstimatorChain<ITransformer>().Append(_ml.Transforms.Conversion.MapKeyToValue("Values"));

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(data));

        Assert.AreEqual("Schema mismatch for input column 'Values': expected KeyType, got Vector<Double> (Parameter 'inputSchema')", error.Message);
    }

    [TestMethod]
    public void Fit_key_without_key_values_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new KeyRow()]);
        var estimator = _ml.Transforms.Conversion.MapKeyToValue("Key");

        var plain = Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(data));
        var chained = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EstimatorChain<ITransformer>().Append(estimator).Fit(data));

        Assert.AreEqual("Metadata KeyValues does not exist", plain.Message);
        Assert.AreEqual("Input column 'Key' doesn't contain key values metadata (Parameter 'inputSchema')", chained.Message);
    }

    private IDataView Keys<T>(uint[] keys, params T[] values)
    {
        var itemType = typeof(T) == typeof(string) ? TextDataViewType.Instance
            : typeof(T) == typeof(float) ? (PrimitiveDataViewType)NumberDataViewType.Single : NumberDataViewType.Int32;
        var definition = SchemaDefinition.Create(typeof(KeyRow));
        definition["Key"].AddAnnotation("KeyValues", values, new VectorDataViewType(itemType, values.Length));
        return _ml.Data.LoadFromEnumerable(keys.Select(key => new KeyRow { Key = key }), definition);
    }

    private sealed class KeyRow
    {
        [KeyType(3)]
        public uint Key;
    }

    private sealed class VectorRow
    {
        [VectorType(2)]
        public double[]? Values;
    }
}
