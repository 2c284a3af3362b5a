using System.Collections.Concurrent;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Loads the next batch in the background while the last one is worked on.</summary>
internal static class Prefetch
{
    /// <summary>Each batch with its number, in order. The batches belong to the caller.</summary>
    public static IEnumerable<(int Index, Batch Batch)> Each(int[][] batches, Func<int, int[], Batch> load)
    {
        using var thread = new LoadingThread();
        Task<Batch>? next = null;
        try
        {
            for (var i = 0; i < batches.Length; i++)
            {
                var current = next ?? Start(i);
                next = null;
                var batch = current.GetAwaiter().GetResult();
                if (i + 1 < batches.Length)
                    next = Start(i + 1);
                yield return (i, batch);
            }
        }
        finally
        {
            Discard(next);
        }

        Task<Batch> Start(int i) => thread.Run(() => load(i, batches[i]));
    }

    // The consumer has left early: what is still being loaded is nobody's.
    static void Discard(Task<Batch>? batch)
    {
        if (batch is null)
            return;
        Task.WaitAny(batch);
        if (batch.IsCompletedSuccessfully)
            batch.Result.Dispose();
    }
}

/// <summary>A thread that does one thing after another.</summary>
/// <remarks>Not one of the pool's: where an application trains on all of these, each would wait for another.</remarks>
internal sealed class LoadingThread : IDisposable
{
    readonly BlockingCollection<Task> _tasks = [];
    readonly Thread _thread;

    public LoadingThread()
    {
        _thread = new Thread(RunAll) { IsBackground = true, Name = "Microsoft.ML.SharpnessAware loads batches" };
        _thread.Start();
    }

    public Task<T> Run<T>(Func<T> work)
    {
        var task = new Task<T>(work);
        _tasks.Add(task);
        return task;
    }

    /// <summary>Waits for what has been started.</summary>
    public void Dispose()
    {
        _tasks.CompleteAdding();
        _thread.Join();
        _tasks.Dispose();
    }

    void RunAll()
    {
        foreach (var task in _tasks.GetConsumingEnumerable())
            task.RunSynchronously();
    }
}
