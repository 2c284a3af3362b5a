using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetCrossValidateTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void CrossValidate_scores_every_row_once_and_measures_each_fold()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Row(i)).ToList());
        var estimator = _ml.Transforms.Conversion.MapValueToKey("NumberKey", "Number");

        var results = _ml.MulticlassClassification.CrossValidate(data, estimator, numberOfFolds: 4, seed: 3);

        Assert.AreSequenceEqual([0, 1, 2, 3], results.Select(result => result.Fold));
        var heldOut = results.Select(result => result.ScoredHoldOutSet.GetColumn<int>("Number").ToArray()).ToArray();
        Assert.AreSequenceEqual(Enumerable.Range(0, 40), heldOut.SelectMany(rows => rows).Order());
        foreach (var (result, rows) in results.Zip(heldOut))
        {
            Assert.AreEqual((double)rows.Count(Row.IsScoredRight) / rows.Length, result.Metrics.MicroAccuracy, 1e-12);
            Assert.AreSequenceEqual(Enumerable.Repeat(0u, rows.Length), result.ScoredHoldOutSet.GetColumn<uint>("NumberKey"), "the model has not seen these rows");
        }
    }

    [TestMethod]
    public void CrossValidate_seed_decides_the_folds()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Row(i)).ToList());
        var estimator = _ml.Transforms.Conversion.MapValueToKey("NumberKey", "Number");

        var results = _ml.MulticlassClassification.CrossValidate(data, estimator, numberOfFolds: 3, seed: 7);

        Assert.AreEqual("3 | 1 4 7 11 | 0 2 5 6 8 9 10", string.Join(" | ", results.Select(result => string.Join(' ', result.ScoredHoldOutSet.GetColumn<int>("Number")))));
    }

    private sealed class Row(int number)
    {
        public int Number { get; } = number;

        [KeyType(2)]
        public uint Label { get; } = (uint)(number % 2);

        [VectorType(2)]
        public float[] Score { get; } = IsScoredRight(number) == (number % 2 == 0) ? [0.9f, 0.1f] : [0.1f, 0.9f];

        [KeyType(2)]
        public uint PredictedLabel { get; } = 0;

        public static bool IsScoredRight(int number) => number % 3 != 0;
    }
}
