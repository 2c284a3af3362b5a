namespace Microsoft.ML.SharpnessAware;

/// <summary>The numbers of one run's epochs, as a <see cref="LogSink"/> writes them down. Disposed of when the run ends, however it does.</summary>
public interface IEpochLog : IDisposable
{
    /// <summary>Called once, before the first step; not at all where nothing is trained.</summary>
    /// <param name="epochsDone">The epochs that a run that goes on has behind it; 0 for a new run. Epochs after them, written before the run was stopped, come again.</param>
    void Begin(int epochsDone);

    /// <summary>Called after each epoch. An <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/> ends this log, but not the run.</summary>
    void Write(EpochMetrics epoch);
}
