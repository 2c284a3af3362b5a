namespace Microsoft.ML.SharpnessAware;

/// <summary>A place where the numbers of each epoch are written down. Derive from it for a place of your own.</summary>
public abstract record LogSink
{
    /// <summary>Makes ready to write, before the data are read.</summary>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing may be written there.</exception>
    public abstract IEpochLog Open();
}
