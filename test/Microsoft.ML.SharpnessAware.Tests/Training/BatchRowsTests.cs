namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class BatchRowsTests
{
    [TestMethod]
    [DataRow(8, null, "8")]
    [DataRow(8, 8, "8")]
    [DataRow(8, 100, "8")]
    [DataRow(8, 4, "4 4")]
    [DataRow(3, 2, "2 1")]
    [DataRow(9, 4, "3 3 3")]
    [DataRow(10, 4, "4 3 3")]
    [DataRow(3, 1, "1 1 1")]
    public void Pieces_are_few_and_alike(int count, int? size, string expected)
    {
        var found = new BatchRows(new MeanLoss(() => zeros(1)), new RowSpan(5, count)).Pieces(size).ToArray();
        Assert.AreEqual(expected, string.Join(" ", found.Select(p => p.Count)));
        CollectionAssert.AreEqual(Enumerable.Range(5, count).ToArray(), found.SelectMany(p => Enumerable.Range(p.Start, p.Count)).ToArray());
    }

    [TestMethod]
    [DataRow(0, 8, 3, 4, "3 4")]
    [DataRow(0, 4, 3, 4, "3 1")]
    [DataRow(4, 2, 3, 4, "4 2")]
    [DataRow(6, 4, 3, 4, "6 1")]
    [DataRow(7, 4, 3, 4, "7 0")]
    [DataRow(0, 3, 3, 4, "3 0")]
    public void And_is_what_both_have(int start, int count, int otherStart, int otherCount, string expected)
    {
        var both = new RowSpan(start, count).And(new RowSpan(otherStart, otherCount));
        Assert.AreEqual(expected, $"{both.Start} {both.Count}");
    }
}
