namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class BatchSharesTests
{
    [TestMethod]
    [DataRow(8, 2, "0+4 4+4")]
    [DataRow(8, 3, "0+3 3+3 6+2")]
    [DataRow(7, 2, "0+4 4+3")]
    [DataRow(3, 2, "0+3 0+0")]
    [DataRow(5, 4, "0+3 3+2 0+0 0+0")]
    [DataRow(1, 2, "0+1 0+0")]
    public void Rows_that_share_a_perturbation_are_divided_evenly_but_none_is_left_alone(int rows, int workers, string expected) =>
        Assert.AreEqual(expected, Shares(rows, workers, batchSize: 8, microBatch: null));

    [TestMethod]
    [DataRow(8, 2, "0+4 4+4")]
    [DataRow(8, 4, "0+2 2+2 4+2 6+2")]
    [DataRow(8, 3, "0+4 4+2 6+2")]
    [DataRow(5, 2, "0+4 4+1")]
    [DataRow(4, 2, "0+4 0+0")]
    [DataRow(9, 2, "0+4 4+5")]
    public void A_micro_batch_of_the_same_number_is_always_the_same_workers(int rows, int workers, string expected) =>
        Assert.AreEqual(expected, Shares(rows, workers, batchSize: 8, microBatch: 2));

    [TestMethod]
    [DataRow(8, null, 4)]
    [DataRow(4, null, 2)]
    [DataRow(8, 4, 2)]
    [DataRow(8, 8, 1)]
    public void Busy_counts_those_who_have_rows_of_a_whole_batch(int batchSize, int? microBatch, int expected) =>
        Assert.AreEqual(expected, ThreadWorkers.Together(4, workers => new BatchShares(Team.Of(workers), batchSize, microBatch).Busy)[0]);

    [TestMethod]
    public void Alone_one_has_all() => Assert.AreEqual(new RowSpan(0, 7), new BatchShares(Team.Alone, 8, 2).Of(7));

    static string Shares(int rows, int workers, int batchSize, int? microBatch) =>
        string.Join(' ', ThreadWorkers.Together(workers, worker => new BatchShares(Team.Of(worker), batchSize, microBatch).Of(rows)).Select(part => $"{part.Start}+{part.Count}"));
}
