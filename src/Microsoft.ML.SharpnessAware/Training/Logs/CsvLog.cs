namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// A CSV file with a line for each epoch, which is there for others to read as soon as the epoch has ended. The columns are the properties of
/// <see cref="EpochMetrics"/>, times in seconds, in the invariant culture and to the last digit. A run that goes on from a checkpoint goes on with its
/// file, and a new run begins it anew.
/// </summary>
/// <param name="Path">The file. Its folder is made where it is missing; a file that is no such log is left alone, which is an error.</param>
public sealed record CsvLog(string Path) : LogSink
{
    /// <summary>The file.</summary>
    public string Path { get; init => field = Named(value); } = Named(Path);

    /// <inheritdoc/>
    public override IEpochLog Open() => CsvFile.Open(Path);

    static string Named(string path) => Require.That(!string.IsNullOrWhiteSpace(path), path, "the name of a file", nameof(Path));
}
