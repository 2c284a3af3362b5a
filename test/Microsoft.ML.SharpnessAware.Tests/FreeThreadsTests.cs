namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class FreeThreadsTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(1000)]
    public void For_does_each_piece_once(int count)
    {
        var done = new int[count];

        FreeThreads.For(count, i => Interlocked.Increment(ref done[i]));

        Assert.IsTrue(done.All(times => times == 1));
    }

    [TestMethod]
    public void For_takes_threads_that_are_free()
    {
        if (Environment.ProcessorCount == 1)
            Assert.Inconclusive("There is one core.");
        using var both = new Barrier(2);

        FreeThreads.For(2, _ => Assert.IsTrue(both.SignalAndWait(TimeSpan.FromSeconds(30))));
    }

    [TestMethod]
    public void For_throws_what_a_piece_has_thrown_when_all_others_are_done()
    {
        var done = 0;

        var error = Assert.ThrowsExactly<IOException>(() => FreeThreads.For(100, i => _ = i == 7 ? throw new IOException("no eighth") : Interlocked.Increment(ref done)));

        Assert.AreEqual("no eighth", error.Message);
        Assert.AreEqual(99, done);
    }

    [TestMethod]
    public void For_waits_for_no_thread_of_a_busy_pool() => BusyPool.While(() => FreeThreads.For(10, _ => { }));

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(1000)]
    public void ForEach_does_the_work_once_for_each_item(int count)
    {
        var done = new int[count];

        FreeThreads.ForEach(Enumerable.Range(0, count), threads: 4, i => Interlocked.Increment(ref done[i]) > 0);

        Assert.IsTrue(done.All(times => times == 1));
    }

    [TestMethod]
    public void ForEach_takes_threads_that_are_free_but_one_item_at_a_time()
    {
        if (Environment.ProcessorCount == 1)
            Assert.Inconclusive("There is one core.");
        using var both = new Barrier(2);
        var inside = 0;

        FreeThreads.ForEach(Items(), threads: 2, _ => both.SignalAndWait(TimeSpan.FromSeconds(30)));

        IEnumerable<int> Items()
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.AreEqual(1, Interlocked.Increment(ref inside));
                Interlocked.Decrement(ref inside);
                yield return i;
            }
        }
    }

    [TestMethod]
    public void ForEach_takes_no_other_item_after_work_that_says_so_or_throws()
    {
        var taken = 0;
        IEnumerable<int> Items() => Enumerable.Range(0, 1_000_000).Select(i => { taken++; return i; });

        FreeThreads.ForEach(Items(), threads: 1, i => i < 3);
        Assert.AreEqual(4, taken);

        Assert.AreEqual("no fifth", Assert.ThrowsExactly<IOException>(() => FreeThreads.ForEach(Items(), threads: 1, i => i < 4 ? true : throw new IOException("no fifth"))).Message);
        Assert.AreEqual(9, taken);
    }

    [TestMethod]
    public void ForEach_throws_what_the_items_throw()
    {
        static IEnumerable<int> Items()
        {
            yield return 1;
            throw new IOException("no second");
        }

        Assert.AreEqual("no second", Assert.ThrowsExactly<IOException>(() => FreeThreads.ForEach(Items(), threads: 2, _ => true)).Message);
    }

    [TestMethod]
    public void ForEach_waits_for_no_thread_of_a_busy_pool() => BusyPool.While(() => FreeThreads.ForEach(Enumerable.Range(0, 10), threads: 4, _ => true));
}
