namespace Microsoft.ML.SharpnessAware;

/// <summary>A thread that notices when a call into MPI takes too long. It sleeps, at the least, until the call in progress would be late.</summary>
internal sealed class Watchdog
{
    const long Never = long.MaxValue;

    readonly object _state = new();
    readonly Action<TimeSpan> _late;
    // In milliseconds of Environment.TickCount64.
    long _deadline = Never;
    long _wakes = Never;
    TimeSpan _limit = Timeout.InfiniteTimeSpan;

    /// <param name="late">Called once, with the limit that a call has exceeded.</param>
    public Watchdog(Action<TimeSpan> late)
    {
        _late = late;
        new Thread(Run) { IsBackground = true, Name = "MPI watchdog" }.Start();
    }

    /// <summary>Begins a call, which ends when what is returned is disposed of. There is one at a time.</summary>
    public Call Begin(TimeSpan limit)
    {
        lock (_state)
        {
            _limit = limit;
            _deadline = After(limit);
            if (_deadline < _wakes)
                Monitor.Pulse(_state);
        }
        return new(this);
    }

    static long After(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan ? Never : Environment.TickCount64 + (long)Math.Ceiling(limit.TotalMilliseconds);

    void Run()
    {
        lock (_state)
            while (Environment.TickCount64 < _deadline)
                Sleep();
        _late(_limit);
    }

    // A call that begins during the sleep is late after its end: only a shorter limit wakes the thread.
    void Sleep()
    {
        _wakes = Math.Min(_deadline, After(_limit));
        Monitor.Wait(_state, _wakes == Never ? Timeout.Infinite : (int)Math.Clamp(_wakes - Environment.TickCount64, 0, int.MaxValue));
    }

    /// <summary>A call in progress.</summary>
    public readonly struct Call(Watchdog watchdog) : IDisposable
    {
        public void Dispose()
        {
            lock (watchdog._state)
                watchdog._deadline = Never;
        }
    }
}
