namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What each worker gives each: by an engine that has nothing better than Broadcast, and in pieces.</summary>
[TestClass]
public class ExchangeTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void Exchange_gives_each_what_the_others_have_for_it(int count) =>
        ThreadWorkers.Together(count, workers => AssertRight(workers, workers.Exchange(For(workers))));

    [TestMethod]
    public void Exchange_of_nothing_gives_nothing() =>
        ThreadWorkers.Together(3, workers =>
        {
            Assert.IsTrue(workers.Exchange([[], [], []]).All(bytes => bytes.Length == 0));
            return true;
        });

    [TestMethod]
    [DataRow(1)]
    [DataRow(9)]
    [DataRow(10)]
    [DataRow(1000)]
    public void Pieces_come_to_the_whole_and_none_is_larger_than_allowed(int bytesPerCall) =>
        ThreadWorkers.Together(3, workers => AssertRight(workers, new PairwiseExchange(workers, For(workers), bytesPerCall).By((to, from) =>
        {
            Assert.IsTrue(bytesPerCall < 3 || (to.Bytes.Length <= bytesPerCall && from.Bytes.Length <= bytesPerCall));
            var given = workers.Exchange([.. to.Starts.Zip(to.Lengths, (start, length) => to.Bytes.AsSpan(start, length).ToArray())]);
            for (var sender = 0; sender < given.Length; sender++)
            {
                Assert.AreEqual(from.Lengths[sender], given[sender].Length);
                given[sender].CopyTo(from.Bytes, from.Starts[sender]);
            }
        })));

    [TestMethod]
    public void Exchange_for_another_number_of_workers_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ThreadWorkers.Together(1, workers => workers.Exchange([[1], [2]])));
        Assert.StartsWith("to must have an array for each worker, 1 in all, but has 2.", error.Message);
    }

    static byte[][] For(Workers workers) => [.. Enumerable.Range(0, workers.Count).Select(receiver => Parcel(workers.Rank, receiver))];

    static bool AssertRight(Workers workers, byte[][] from)
    {
        Assert.HasCount(workers.Count, from);
        for (var sender = 0; sender < workers.Count; sender++)
            Assert.AreSequenceEqual(Parcel(sender, workers.Rank), from[sender]);
        return true;
    }

    static byte[] Parcel(int sender, int receiver) => [.. Enumerable.Range(0, (sender * 5 + receiver * 3) % 7 * 2).Select(i => (byte)(100 * sender + 10 * receiver + i))];
}
