namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>An application that keeps all threads of its pool busy.</summary>
static class BusyPool
{
    static int FreeThreads
    {
        get
        {
            ThreadPool.GetAvailableThreads(out var workers, out _);
            return workers;
        }
    }

    /// <summary>Does the work on a thread of its own while the pool has no thread to give; fails where it waits for one.</summary>
    public static void While(Action work)
    {
        ThreadPool.GetMaxThreads(out var workers, out var ports);
        var end = new ManualResetEventSlim();
        try
        {
            Assert.IsTrue(ThreadPool.SetMaxThreads(Environment.ProcessorCount, ports));
            for (var thread = 0; thread < Environment.ProcessorCount; thread++)
                ThreadPool.QueueUserWorkItem(_ => end.Wait());
            Assert.IsTrue(SpinWait.SpinUntil(() => FreeThreads == 0, TimeSpan.FromSeconds(30)), "the pool is busy");
            var done = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            Assert.IsTrue(done.Wait(TimeSpan.FromSeconds(60)), "it waits for the pool");
        }
        finally
        {
            end.Set();
            ThreadPool.SetMaxThreads(workers, ports);
        }
    }
}
