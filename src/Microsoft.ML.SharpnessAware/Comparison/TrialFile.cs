using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Results as lines of JSON, each written when its run is done. What an interrupted comparison left is used by the next.</summary>
internal sealed class TrialFile
{
    static readonly JsonSerializerOptions _json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    readonly string? _path;
    readonly string _subject;
    readonly List<SamTrialResult> _results = [];

    /// <param name="path">The file; null for none.</param>
    /// <param name="subject">What the results are of.</param>
    /// <exception cref="InvalidOperationException">The file holds results of something else.</exception>
    public TrialFile(string? path, string subject)
    {
        (_path, _subject) = (path, subject);
        foreach (var line in path is not null && File.Exists(path) ? File.ReadLines(path).Select(Parse).OfType<TrialLine>() : [])
            _results.Add(line.Subject == subject ? line.Result : throw new InvalidOperationException($"'{path}' holds results of another comparison, of {line.Subject}. This one is of {subject}. Give another file, or delete that one."));
    }

    /// <summary>The result of a trial; null where there is none.</summary>
    public SamTrialResult? Find(SamTrial trial) => _results.Find(result => result.Trial == trial);

    public void Add(SamTrialResult result)
    {
        _results.Add(result);
        if (_path is null)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        File.AppendAllText(_path, $"{(EndsWithin(_path) ? "\n" : "")}{JsonSerializer.Serialize(new TrialLine(_subject, result), _json)}\n");
    }

    // A line that was cut off must not swallow the next.
    static bool EndsWithin(string path)
    {
        if (!File.Exists(path))
            return false;
        using var file = File.OpenRead(path);
        return file.Length > 0 && file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() != '\n';
    }

    // Null for a line that was cut off.
    static TrialLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<TrialLine>(line, _json) is { Subject: not null, Result.Trial: not null } whole ? whole : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A line of the file.</summary>
/// <param name="Subject">What the result is of.</param>
/// <param name="Result">The result.</param>
internal sealed record TrialLine(string Subject, SamTrialResult Result);
