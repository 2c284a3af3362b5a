namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LengthGroupsTests
{
    [TestMethod]
    public void Of_rows_of_one_length_is_one_group() =>
        Assert.AreSequenceEqual([0, 1, 2, 3], LengthGroups.Of([7, 7, 7, 7]).Single());

    [TestMethod]
    public void Of_short_rows_and_long_ones_parts_them()
    {
        var groups = LengthGroups.Of([5, 250, 6, 256, 5]).ToArray();

        Assert.HasCount(2, groups);
        Assert.AreSequenceEqual([1, 3], groups[0]);
        Assert.AreSequenceEqual([0, 4, 2], groups[1]);
    }

    [TestMethod]
    public void Of_no_rows_is_no_group() => Assert.IsEmpty(LengthGroups.Of([]));

    [TestMethod]
    public void Of_any_rows_costs_as_little_as_the_best_of_all_divisions()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var lengths = Enumerable.Range(0, 10).Select(_ => random.Next(1, 257)).ToArray();

            var groups = LengthGroups.Of(lengths).ToArray();

            Assert.AreSequenceEqual(Enumerable.Range(0, 10), groups.SelectMany(rows => rows).Order());
            Assert.AreEqual(Divisions([.. lengths.Order()]).Min(Cost), Cost([.. groups.Select(rows => Array.ConvertAll(rows, row => lengths[row]))]));
        }
    }

    // Each bit says whether a new group begins behind that length.
    static IEnumerable<int[][]> Divisions(int[] lengths)
    {
        for (var cuts = 0; cuts < 1 << (lengths.Length - 1); cuts++)
        {
            var groupOf = Enumerable.Range(0, lengths.Length).Select(i => int.PopCount(cuts & ((1 << i) - 1))).ToArray();
            yield return [.. lengths.Zip(groupOf).GroupBy(row => row.Second, row => row.First).Select(group => group.ToArray())];
        }
    }

    static int Cost(int[][] groups) => groups.Sum(group => 512 + group.Length * group.Max());
}
