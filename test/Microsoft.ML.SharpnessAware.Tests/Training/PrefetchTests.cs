namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class PrefetchTests
{
    static readonly int[][] Batches = [[0, 1], [2, 3], [4, 5], [6]];

    [TestMethod]
    public void Each_gives_the_batches_in_order_and_loads_one_ahead()
    {
        var loads = 0;
        using var loaded = new CountdownEvent(2);

        foreach (var (index, batch) in Prefetch.Each(Batches, (i, rows) =>
        {
            loads++;
            if (!loaded.IsSet)
                loaded.Signal();
            return BatchOf(rows);
        }))
        {
            if (index == 0)
                Assert.IsTrue(loaded.Wait(TimeSpan.FromSeconds(30)), "the second is loaded while the first is worked on");
            CollectionAssert.AreEqual(Array.ConvertAll(Batches[index], row => (long)row), batch.Labels.data<long>().ToArray());
            batch.Dispose();
        }

        Assert.AreEqual(Batches.Length, loads);
    }

    [TestMethod]
    public void Each_loads_on_one_thread_that_is_none_of_the_pools()
    {
        var threads = new HashSet<Thread>();

        foreach (var (_, batch) in Prefetch.Each(Batches, (_, rows) =>
        {
            Assert.IsFalse(Thread.CurrentThread.IsThreadPoolThread);
            threads.Add(Thread.CurrentThread);
            return BatchOf(rows);
        }))
            batch.Dispose();

        Assert.HasCount(1, threads);
        Assert.IsFalse(threads.Single().IsAlive);
    }

    [TestMethod]
    public void Each_waits_for_no_thread_of_a_busy_pool() => BusyPool.While(() =>
    {
        foreach (var (_, batch) in Prefetch.Each(Batches, (_, rows) => BatchOf(rows)))
            batch.Dispose();
    });

    [TestMethod]
    public void Each_throws_what_loading_throws()
    {
        var taken = 0;

        var error = Assert.ThrowsExactly<IOException>(() =>
        {
            foreach (var (_, batch) in Prefetch.Each(Batches, (i, rows) => i == 2 ? throw new IOException("no third batch") : BatchOf(rows)))
            {
                taken++;
                batch.Dispose();
            }
        });

        Assert.AreEqual("no third batch", error.Message);
        Assert.AreEqual(2, taken);
    }

    [TestMethod]
    public void Each_leaves_no_batch_when_it_is_left_early()
    {
        var before = LiveTensors.Before();

        foreach (var (_, batch) in Prefetch.Each(Batches, (_, rows) => BatchOf(rows)))
        {
            batch.Dispose();
            break;
        }

        Assert.AreEqual(before, Tensor.TotalCount);
    }

    static Batch BatchOf(int[] rows) => new(ones(rows.Length, 1).DetachFromDisposeScope(), tensor(Array.ConvertAll(rows, row => (long)row)).DetachFromDisposeScope());
}
