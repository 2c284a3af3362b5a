using System.Globalization;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// A CSV file with a line for each epoch, which can be read as soon as the epoch has ended. The columns are the properties of
/// <see cref="EpochMetrics"/> but for those of the whole run and of the time left, times in seconds, in the invariant culture with all digits. A run that resumes from a checkpoint continues its
/// file, and a new run overwrites it.
/// </summary>
/// <param name="Path">The file. Its folder is created if it does not exist. An existing file that is not such a log is not changed; that is an error.</param>
public sealed record CsvLog(string Path) : LogSink
{
    /// <summary>The file.</summary>
    public string Path { get; init => field = Named(value); } = Named(Path);

    /// <inheritdoc/>
    public override IEpochLog Open() => CsvFile.Open(Path);

    static string Named(string path) => Require.That(!string.IsNullOrWhiteSpace(path), path, "the name of a file", nameof(Path));
}

/// <summary>A file with a line for each epoch.</summary>
internal sealed class CsvFile : IEpochLog
{
    static readonly (string Name, Func<EpochMetrics, IFormattable?> Value)[] Columns =
    [
        (nameof(EpochMetrics.Epoch), epoch => epoch.Epoch),
        (nameof(EpochMetrics.Loss), epoch => epoch.Loss),
        (nameof(EpochMetrics.PerturbedLoss), epoch => epoch.PerturbedLoss),
        (nameof(EpochMetrics.TrainAccuracy), epoch => epoch.TrainAccuracy),
        (nameof(EpochMetrics.ValidationLoss), epoch => epoch.ValidationLoss),
        (nameof(EpochMetrics.ValidationAccuracy), epoch => epoch.ValidationAccuracy),
        (nameof(EpochMetrics.ValidationMacroAccuracy), epoch => epoch.ValidationMacroAccuracy),
        (nameof(EpochMetrics.IsBest), epoch => epoch.IsBest ? 1 : 0),
        (nameof(EpochMetrics.LearningRate), epoch => epoch.LearningRate),
        (nameof(EpochMetrics.GradientNorm), epoch => epoch.GradientNorm),
        (nameof(EpochMetrics.EpsilonNorm), epoch => epoch.EpsilonNorm),
        (nameof(EpochMetrics.Cosine), epoch => epoch.Cosine),
        (nameof(EpochMetrics.Passes), epoch => epoch.Passes),
        (nameof(EpochMetrics.SkippedSteps), epoch => epoch.SkippedSteps),
        (nameof(EpochMetrics.ExamplesPerSecond), epoch => epoch.ExamplesPerSecond),
        (nameof(EpochMetrics.Elapsed), epoch => epoch.Elapsed.TotalSeconds),
    ];

    static readonly string Header = string.Join(',', Columns.Select(column => column.Name)) + "\n";

    readonly FileStream _file;

    CsvFile(FileStream file) => _file = file;

    /// <exception cref="IOException">The file cannot be written to, or is another kind of file.</exception>
    public static CsvFile Open(string path)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full) ?? full);
        var log = new CsvFile(new FileStream(full, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        if (log._file.Length > 0 && !log.Text().StartsWith(Header, StringComparison.Ordinal))
        {
            log.Dispose();
            throw new IOException($"'{full}' is there already, and is no log of this version of Microsoft.ML.SharpnessAware.");
        }
        return log;
    }

    public void Begin(int epochsDone)
    {
        var kept = LengthUntil(epochsDone, Text());
        _file.SetLength(kept);
        _file.Position = kept;
        if (kept == 0)
            Write(Header);
    }

    public void Write(EpochMetrics epoch) => Write(string.Join(',', Columns.Select(column => Invariant($"{column.Value(epoch)}"))) + "\n");

    // A file without a line is one that nothing came of.
    public void Dispose()
    {
        var isEmpty = _file.CanSeek && _file.Length == 0;
        _file.Dispose();
        if (isEmpty)
            File.Delete(_file.Name);
    }

    void Write(string line)
    {
        _file.Write(Encoding.ASCII.GetBytes(line));
        _file.Flush();
    }

    string Text()
    {
        _file.Position = 0;
        using var reader = new StreamReader(_file, Encoding.Latin1, leaveOpen: true);
        return reader.ReadToEnd();
    }

    // A line that was cut off, as by a power cut, is none.
    static int LengthUntil(int epochsDone, string text)
    {
        var kept = 0;
        for (int end; (end = text.IndexOf('\n', kept) + 1) > 0; kept = end)
            if (kept > 0 && !(int.TryParse(text[kept..end].Split(',')[0], CultureInfo.InvariantCulture, out var epoch) && epoch <= epochsDone))
                break;
        return kept;
    }
}
