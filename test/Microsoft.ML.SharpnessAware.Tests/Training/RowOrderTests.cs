namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class RowOrderTests
{
    [TestMethod]
    public void Of_without_a_seed_is_in_order() => Assert.AreSequenceEqual([0, 1, 2, 3], RowOrder.Of(4, shuffleSeed: null));

    [TestMethod]
    public void Of_with_a_seed_is_a_permutation_that_the_seed_repeats()
    {
        var order = RowOrder.Of(100, shuffleSeed: 7);

        Assert.AreSequenceEqual(Enumerable.Range(0, 100), order.Order());
        Assert.AreSequenceEqual(order, RowOrder.Of(100, shuffleSeed: 7));
        Assert.AreNotSequenceEqual(order, RowOrder.Of(100, shuffleSeed: 8));
        Assert.AreNotSequenceEqual(order, RowOrder.Of(100, shuffleSeed: null));
    }

    [TestMethod]
    public void Of_leaves_the_global_generator_alone()
    {
        using var scope = NewDisposeScope();
        var before = torch.random.get_rng_state();
        RowOrder.Of(100, shuffleSeed: 7);
        Assert.IsTrue(before.eq(torch.random.get_rng_state()).all().ToBoolean());
    }

    [TestMethod]
    [DataRow(6, 3, "0 1 2 | 3 4 5")]
    [DataRow(5, 3, "0 1 2 | 3 4")]
    [DataRow(7, 3, "0 1 2 | 3 4 5 6")]
    [DataRow(4, 3, "0 1 2 3")]
    [DataRow(2, 3, "0 1")]
    [DataRow(1, 3, "0")]
    [DataRow(3, 1, "0 | 1 | 2")]
    public void InBatches_lets_no_row_stand_alone(int rows, int batchSize, string expected)
    {
        var batches = RowOrder.Of(rows, shuffleSeed: null).InBatches(batchSize);
        Assert.AreEqual(expected, string.Join(" | ", batches.Select(batch => string.Join(' ', batch))));
    }
}
