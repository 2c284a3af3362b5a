using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetSplitTests
{
    [TestMethod]
    public void TrainTestSplit_seed_decides_the_rows()
    {
        var split = new MLContext(1).Data.TrainTestSplit(Rows(20), testFraction: 0.3, seed: 7);

        Assert.AreEqual("0 1 2 4 5 6 7 8 9 10 11 12 13 14 15 18", Numbers(split.TrainSet));
        Assert.AreEqual("3 16 17 19", Numbers(split.TestSet));
    }

    [TestMethod]
    public void TrainTestSplit_without_a_seed_takes_the_contexts()
    {
        var own = new MLContext(7).Data.TrainTestSplit(Rows(20), testFraction: 0.3);
        var given = new MLContext(1).Data.TrainTestSplit(Rows(20), testFraction: 0.3, seed: 7);
        var none = new MLContext().Data.TrainTestSplit(Rows(20), testFraction: 0.3);
        var fortyTwo = new MLContext(1).Data.TrainTestSplit(Rows(20), testFraction: 0.3, seed: 42);

        Assert.AreEqual(Numbers(given.TestSet), Numbers(own.TestSet));
        Assert.AreEqual(Numbers(fortyTwo.TestSet), Numbers(none.TestSet));
    }

    [TestMethod]
    public void TrainTestSplit_parts_are_disjoint_and_complete_and_repeat()
    {
        var split = new MLContext(3).Data.TrainTestSplit(Rows(1000), testFraction: 0.25);

        var train = split.TrainSet.GetColumn<int>("Number").ToArray();
        var test = split.TestSet.GetColumn<int>("Number").ToArray();
        Assert.AreSequenceEqual(Enumerable.Range(0, 1000), train.Concat(test).Order());
        Assert.AreEqual(250, test.Length, 50);
        Assert.AreSequenceEqual(test, split.TestSet.GetColumn<int>("Number"));
    }

    [TestMethod]
    public void TrainTestSplit_leaves_the_columns_as_they_are()
    {
        var rows = Rows(4);
        var split = new MLContext(1).Data.TrainTestSplit(rows);

        Assert.AreSequenceEqual(rows.Schema.Select(column => column.ToString()), split.TrainSet.Schema.Select(column => column.ToString()));
        Assert.IsNull(split.TestSet.GetRowCount());
        Assert.IsFalse(split.TestSet.CanShuffle);
    }

    [TestMethod]
    public void TrainTestSplit_by_a_key_keeps_its_rows_together()
    {
        var split = new MLContext(1).Data.TrainTestSplit(Rows(12), testFraction: 0.5, samplingKeyColumnName: "Group");

        Assert.AreEqual("2 3 6 7 10 11", Numbers(split.TrainSet));
        Assert.AreEqual("0 1 4 5 8 9", Numbers(split.TestSet));
    }

    [TestMethod]
    public void TrainTestSplit_faults_are_named()
    {
        var ml = new MLContext(1);

        Assert.AreEqual(
            "Must be between 0 and 1 exclusive (Parameter 'testFraction')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Data.TrainTestSplit(Rows(3), testFraction: 1)).Message);
        Assert.AreEqual(
            "Could not find SamplingKeyColumn column 'X' (Parameter 'samplingKeyColumn')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Data.TrainTestSplit(Rows(3), samplingKeyColumnName: "X")).Message);
    }

    [TestMethod]
    public void CrossValidationSplit_seed_decides_the_folds()
    {
        var folds = new MLContext(1).Data.CrossValidationSplit(Rows(12), numberOfFolds: 3, seed: 7);

        Assert.AreEqual("3 | 1 4 7 11 | 0 2 5 6 8 9 10", string.Join(" | ", folds.Select(fold => Numbers(fold.TestSet))));
        foreach (var fold in folds)
            Assert.AreSequenceEqual(Enumerable.Range(0, 12), fold.TrainSet.GetColumn<int>("Number").Concat(fold.TestSet.GetColumn<int>("Number")).Order());
    }

    [TestMethod]
    public void CrossValidationSplit_of_one_fold_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MLContext(1).Data.CrossValidationSplit(Rows(3), numberOfFolds: 1));

        Assert.AreEqual("Must be more than 1 (Parameter 'numberOfFolds')", error.Message);
    }

    private static IDataView Rows(int count)
        => new MLContext(1).Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { Number = i, Group = (uint)(i / 2 % 2) }));

    private static string Numbers(IDataView data) => string.Join(' ', data.GetColumn<int>("Number"));

    private sealed class Row
    {
        public int Number;

        [KeyType(2)]
        public uint Group;
    }
}
