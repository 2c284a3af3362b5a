namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Workers that are threads of one process, as an engine of somebody else's would join processes.</summary>
/// <remarks>What is global in a process they share: libtorch's generator, so that no dropout can be tested with them.</remarks>
sealed class ThreadWorkers : Workers
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    readonly Meeting _meeting;

    ThreadWorkers(int rank, Meeting meeting) => (Rank, _meeting) = (rank, meeting);

    public override int Rank { get; }

    public override int Count => _meeting.Slots.Length;

    /// <summary>How many numbers each sum was of.</summary>
    public List<int> Sums { get; } = [];

    /// <summary>Why this one has ended all; null where it has not.</summary>
    public string? Aborted { get; private set; }

    public bool IsInRun { get; private set; }

    /// <summary>Does the work on so many threads, and gives what each came to; the first exception that one of them throws by itself is thrown.</summary>
    public static T[] Together<T>(int count, Func<ThreadWorkers, T> work)
    {
        var meeting = new Meeting(count);
        var (results, faults) = (new T[count], new Exception?[count]);
        Thread[] threads = [.. Enumerable.Range(0, count).Select(rank => new Thread(() => Do(rank)))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        if (faults.OrderBy(fault => fault is LeftAloneException).FirstOrDefault(fault => fault is not null) is { } first)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        return results;

        void Do(int rank)
        {
            try
            {
                results[rank] = work(new ThreadWorkers(rank, meeting));
            }
            catch (Exception fault)
            {
                faults[rank] = fault;
                meeting.Leave();
            }
        }
    }

    /// <summary>What each worker throws.</summary>
    public static Exception?[] Faults(int count, Action<ThreadWorkers> work) => Together(count, workers =>
    {
        try
        {
            work(workers);
            return null;
        }
        catch (Exception fault) when (fault is not LeftAloneException)
        {
            return fault;
        }
    });

    public override void Sum(Span<float> values) => Sum(values, (a, b) => a + b);

    public override void Sum(Span<double> values) => Sum(values, (a, b) => a + b);

    public override void Broadcast(Span<byte> bytes, int rank)
    {
        foreach (var given in Exchange(bytes.ToArray()).Where((_, from) => from == rank))
            given.CopyTo(bytes);
    }

    public override void Abort(string reason)
    {
        Aborted = reason;
        _meeting.Leave();
    }

    public override IDisposable BeginRun() => new Run(this);

    void Sum<T>(Span<T> values, Func<T, T, T> add)
    {
        Sums.Add(values.Length);
        var all = Exchange(values.ToArray());
        for (var i = 0; i < values.Length; i++)
            values[i] = all.Select(given => given[i]).Aggregate(add);
    }

    T[] Exchange<T>(T own)
    {
        _meeting.Slots[Rank] = own!;
        _meeting.Wait(_patience);
        T[] all = [.. _meeting.Slots.Cast<T>()];
        _meeting.Wait(_patience);
        return all;
    }

    sealed class Meeting(int count)
    {
        readonly Barrier _barrier = new(count);
        readonly CancellationTokenSource _left = new();

        public object[] Slots { get; } = new object[count];

        public void Leave() => _left.Cancel();

        public void Wait(TimeSpan patience)
        {
            try
            {
                if (!_barrier.SignalAndWait(patience, _left.Token))
                    throw new TimeoutException("A worker waits for others that do not come.");
            }
            catch (OperationCanceledException)
            {
                throw new LeftAloneException();
            }
        }
    }

    sealed class Run : IDisposable
    {
        readonly ThreadWorkers _of;

        public Run(ThreadWorkers of)
        {
            _of = of;
            of.IsInRun = true;
        }

        public void Dispose() => _of.IsInRun = false;
    }
}

/// <summary>Another worker has left.</summary>
sealed class LeftAloneException : Exception;
