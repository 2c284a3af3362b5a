using System.Text.Json;
using System.Text.Json.Serialization;

namespace Benchmarks;

/// <summary>Results as lines of JSON, each written when its run is done. What an interrupted run left is used by the next.</summary>
sealed class ResultFile<TRun>(string path)
    where TRun : IEquatable<TRun>
{
    static readonly JsonSerializerOptions _json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    readonly List<Result<TRun>> _results = Read(path);

    /// <summary>What is in the file.</summary>
    public IReadOnlyList<Result<TRun>> All => _results;

    /// <summary>The numbers of a run, which is made if it is not in the file.</summary>
    public IReadOnlyDictionary<string, double> NumbersOf(TRun run, Func<Dictionary<string, double>> make)
    {
        if (_results.Find(result => result.Run.Equals(run)) is { } known)
            return known.Numbers;
        var made = new Result<TRun>(run, make());
        Add(made);
        return made.Numbers;
    }

    void Add(Result<TRun> result)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // A line that was cut off must not swallow this one.
        var text = File.Exists(path) && !File.ReadAllText(path).EndsWith('\n') ? "\n" : "";
        File.AppendAllText(path, $"{text}{JsonSerializer.Serialize(result, _json)}\n");
        _results.Add(result);
    }

    static List<Result<TRun>> Read(string path) => File.Exists(path) ? [.. File.ReadLines(path).Select(Parse).OfType<Result<TRun>>()] : [];

    // Null for a line that was cut off, or is of another kind.
    static Result<TRun>? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Result<TRun>>(line, _json) is { Run: not null, Numbers: not null } result ? result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What one run came to: a line of the results.</summary>
/// <param name="Run">How it was made; runs that are equal have equal numbers, but for rounding and time.</param>
/// <param name="Numbers">What was measured, by the names in the table.</param>
sealed record Result<TRun>(TRun Run, Dictionary<string, double> Numbers);
