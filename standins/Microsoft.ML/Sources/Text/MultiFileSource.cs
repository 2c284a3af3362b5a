using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Files as the source of a loader.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths)
    {
        _paths = paths == null || paths is [null] ? [] : paths;
        foreach (var path in _paths)
        {
            if (HasWildcard(path))
                throw new NotSupportedException($"Cannot expand '{path}': patterns of file names are not part of this stand-in of ML.NET. Name each file.");
        }
    }

    public int Count => _paths.Length;

    public string GetPathOrNull(int index)
    {
        Contracts.CheckParam(0 <= index && index < Count, nameof(index));
        return _paths[index];
    }

    public Stream Open(int index)
    {
        Contracts.CheckParam(0 <= index && index < Count, nameof(index));
        try
        {
            return new FileStream(_paths[index], FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception ex)
        {
            throw Contracts.ExceptIO(ex, "Could not open file '{0}'. Error is: {1}", _paths[index], ex.Message);
        }
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    internal static bool HasWildcard(string path) => !File.Exists(path) && (path.AsSpan().IndexOfAny("*?+") >= 0 || path.Contains("..."));
}
