using System.Runtime.ExceptionServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Does work side by side: on the calling thread, and on threads of the pool that are free.</summary>
/// <remarks>Parallel.For waits for the threads that it has asked for. Where an application keeps all threads of its pool busy, that may be for good.</remarks>
internal static class FreeThreads
{
    /// <summary>Does so for each number from 0 on, and throws the first of what these throw.</summary>
    public static void For(int count, Action<int> work) => For(count, Environment.ProcessorCount, work);

    /// <inheritdoc cref="For(int, Action{int})"/>
    /// <param name="count">How many numbers.</param>
    /// <param name="threads">The most threads at a time.</param>
    /// <param name="work">What is done for each.</param>
    public static void For(int count, int threads, Action<int> work)
    {
        if (count == 0)
            return;
        var all = new Work(count, work);
        for (var helpers = Math.Min(count, threads) - 1; helpers > 0; helpers--)
            ThreadPool.UnsafeQueueUserWorkItem(all => all.DoWhatIsLeft(), all, preferLocal: false);
        all.DoWhatIsLeft();
        all.Wait();
    }

    /// <summary>Does work for each item, until it returns false, and throws the first of what the items and the work throw. Items are taken one at a time.</summary>
    /// <param name="items">Taken by whichever thread is free.</param>
    /// <param name="threads">The most at a time.</param>
    /// <param name="work">What is done; false: no other item is taken.</param>
    public static void ForEach<T>(IEnumerable<T> items, int threads, Func<T, bool> work)
    {
        using var enumerator = items.GetEnumerator();
        var all = new Stream<T>(enumerator, work);
        for (var helpers = threads - 1; helpers > 0; helpers--)
            ThreadPool.UnsafeQueueUserWorkItem(all => all.DoWhatIsLeft(), all, preferLocal: false);
        all.DoWhatIsLeft();
        all.Wait();
    }

    sealed class Stream<T>(IEnumerator<T> items, Func<T, bool> work)
    {
        readonly object _turn = new();
        int _running;
        bool _isOver;
        ExceptionDispatchInfo? _fault;

        public void DoWhatIsLeft()
        {
            while (TryTake(out var item))
                Finish(goesOn: Try(() => work(item)));
        }

        public void Wait()
        {
            lock (_turn)
                while (_running > 0)
                    Monitor.Wait(_turn);
            _fault?.Throw();
        }

        bool TryTake(out T item)
        {
            lock (_turn)
            {
                _isOver = _isOver || !Try(items.MoveNext);
                item = _isOver ? default! : items.Current;
                _running += _isOver ? 0 : 1;
                return !_isOver;
            }
        }

        void Finish(bool goesOn)
        {
            lock (_turn)
            {
                _isOver |= !goesOn;
                if (--_running == 0)
                    Monitor.PulseAll(_turn);
            }
        }

        // False where it throws.
        bool Try(Func<bool> part)
        {
            try
            {
                return part();
            }
            catch (Exception fault)
            {
                Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(fault), null);
                return false;
            }
        }
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
