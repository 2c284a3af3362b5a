using System.Runtime.ExceptionServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Does work side by side: on the calling thread, and on threads of the pool that are free.</summary>
/// <remarks>Parallel.For waits for the threads that it has asked for. Where an application keeps all threads of its pool busy, that may be for good.</remarks>
internal static class FreeThreads
{
    /// <summary>Does so for each number from 0 on, and throws the first of what these throw.</summary>
    public static void For(int count, Action<int> work)
    {
        if (count == 0)
            return;
        var all = new Work(count, work);
        for (var helpers = Math.Min(count, Environment.ProcessorCount) - 1; helpers > 0; helpers--)
            ThreadPool.UnsafeQueueUserWorkItem(all => all.DoWhatIsLeft(), all, preferLocal: false);
        all.DoWhatIsLeft();
        all.Wait();
    }

    sealed class Work(int count, Action<int> work)
    {
        readonly ManualResetEventSlim _isDone = new();
        int _next = -1;
        int _finished;
        ExceptionDispatchInfo? _fault;

        public void DoWhatIsLeft()
        {
            for (var i = Interlocked.Increment(ref _next); i < count; i = Interlocked.Increment(ref _next))
            {
                try
                {
                    work(i);
                }
                catch (Exception fault)
                {
                    Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(fault), null);
                }
                if (Interlocked.Increment(ref _finished) == count)
                    _isDone.Set();
            }
        }

        public void Wait()
        {
            _isDone.Wait();
            _fault?.Throw();
        }
    }
}
