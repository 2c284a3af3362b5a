namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class HalfPrecisionTests
{
    [TestMethod]
    public void Of_halves_matrices_that_fit_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        var types = HalfPrecision.Of(new Dictionary<string, Tensor>
        {
            ["matrix"] = full(2, 3, 65504f),
            ["kernel"] = zeros(2, 1, 3, 3),
            ["too large"] = tensor(new float[] { 1, -65505 }, [1, 2]),
            ["not a number"] = full(1, 2, float.NaN),
            ["bias"] = zeros(3),
            ["count"] = tensor(3L),
            ["double"] = zeros(2, 2, dtype: ScalarType.Float64),
        }).ToDictionary(tensor => tensor.Key, tensor => tensor.Value.dtype);

        Assert.AreEqual(ScalarType.Float16, types["matrix"]);
        Assert.AreEqual(ScalarType.Float16, types["kernel"]);
        Assert.AreEqual(ScalarType.Float32, types["too large"]);
        Assert.AreEqual(ScalarType.Float32, types["not a number"]);
        Assert.AreEqual(ScalarType.Float32, types["bias"]);
        Assert.AreEqual(ScalarType.Int64, types["count"]);
        Assert.AreEqual(ScalarType.Float64, types["double"]);
    }

    [TestMethod]
    public void Saved_in_half_precision_a_model_is_half_as_large_and_scores_nearly_alike()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Rows(ml);
        SamImageTransformer Train(bool half) => TinyTraining.Trainer(ml, options => options.HalfPrecisionWeights = half).Fit(Pictures.KeyedRows(ml));
        using var model = Train(half: true);
        using var full = Train(half: false);
        var zip = SavedModel.Of(ml, model);
        var loaded = SavedModel.Load(ml, zip);

        var file = SavedModel.Entry(zip, "Weights.safetensors");
        // Norm layers and the header are no smaller.
        Assert.IsInRange(0.5, 0.53, (double)file.Length / SavedModel.Entry(SavedModel.Of(ml, full), "Weights.safetensors").Length);
        var expected = SamImageTransformerTests.Scores(full, rows);
        CollectionAssert.AreEqual(expected[0], SamImageTransformerTests.Scores(model, rows)[0], "the trained model is not rounded");
        foreach (var (was, now) in expected.Zip(SamImageTransformerTests.Scores(loaded, rows)))
            // 11 bits of each weight.
            Near.Equal([.. was.Select(score => (double)score)], [.. now.Select(score => (double)score)], 2e-3);
        CollectionAssert.AreEqual(file, SavedModel.Entry(SavedModel.Of(ml, loaded), "Weights.safetensors"));
        ((IDisposable)loaded).Dispose();
    }
}
