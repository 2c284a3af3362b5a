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
}
