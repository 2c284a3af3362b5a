namespace Microsoft.ML.SharpnessAware;

/// <summary>A log of the numbers of each epoch. Derive from it for your own kind of log.</summary>
public abstract record LogSink
{
    /// <summary>Opens the log, before the data are read.</summary>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing may be written there.</exception>
    public abstract IEpochLog Open();
}

/// <summary>All logs of one run. One that can no longer be written to is left out from then on, with a warning.</summary>
internal sealed class EpochLogs : IDisposable
{
    readonly List<(LogSink Sink, IEpochLog Log)> _logs = [];
    readonly Action<string> _warn;

    /// <summary>Opens them all.</summary>
    /// <exception cref="InvalidOperationException">One cannot be written to; the message says which.</exception>
    public EpochLogs(IReadOnlyList<LogSink> sinks, Action<string> warn)
    {
        _warn = warn;
        try
        {
            foreach (var sink in sinks)
                Try(sink, () => _logs.Add((sink, sink.Open())));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Before the first step.</summary>
    /// <exception cref="InvalidOperationException">One cannot be written to; the message says which.</exception>
    public void Begin(int epochsDone)
    {
        foreach (var (sink, log) in _logs)
            Try(sink, () => log.Begin(epochsDone));
    }

    public void Write(EpochMetrics epoch)
    {
        foreach (var (sink, log) in _logs.ToArray())
            try
            {
                log.Write(epoch);
            }
            catch (Exception fault) when (IsOfWriting(fault))
            {
                _logs.Remove((sink, log));
                _warn($"{sink} could not be written to: {fault.Message} Training continues without it.");
                Close(log);
            }
    }

    public void Dispose()
    {
        foreach (var (_, log) in _logs)
            Close(log);
    }

    static void Try(LogSink sink, Action act)
    {
        try
        {
            act();
        }
        catch (Exception fault) when (IsOfWriting(fault))
        {
            throw new InvalidOperationException($"{sink} cannot be written to: {fault.Message} Choose another place, or leave it out of LogSinks.", fault);
        }
    }

    // What is still to be written may fail again.
    static void Close(IEpochLog log)
    {
        try
        {
            log.Dispose();
        }
        catch (Exception fault) when (IsOfWriting(fault))
        {
        }
    }

    static bool IsOfWriting(Exception fault) => fault is IOException or UnauthorizedAccessException;
}

/// <summary>The open log of one run, from a <see cref="LogSink"/>. Disposed of when the run ends for any reason.</summary>
public interface IEpochLog : IDisposable
{
    /// <summary>Called once, before the first step; not at all where nothing is trained.</summary>
    /// <param name="epochsDone">The epochs that a resumed run has done; 0 for a new run. Epochs after them, written before the run was stopped, come again.</param>
    void Begin(int epochsDone);

    /// <summary>Called after each epoch. An <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/> ends this log, but not the run.</summary>
    void Write(EpochMetrics epoch);
}
