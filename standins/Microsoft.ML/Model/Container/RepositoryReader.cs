using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed class RepositoryReader : Repository
{
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    private RepositoryReader(Stream stream, IExceptionContext ectx)
        : base(ectx)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (Exception ex)
        {
            throw ExceptionContext.ExceptDecode(ex, "Failed to open a zip archive");
        }
        foreach (var entry in _archive.Entries)
            _entries[Normalize(entry.FullName)] = entry;
    }

    public static RepositoryReader Open(Stream stream, IExceptionContext ectx = null)
    {
        ectx.CheckValue(stream, nameof(stream));
        return new RepositoryReader(stream, ectx);
    }

    public Entry OpenEntryOrNull(string name) => OpenEntryOrNull(null, name);

    public Entry OpenEntryOrNull(string dir, string name)
    {
        var path = PathOf(dir, name);
        if (!_entries.TryGetValue(path, out var entry) && !_entries.TryGetValue(path.Replace('/', '\\'), out entry))
            return null;
        ExceptionContext.CheckDecode(entry.Length < int.MaxValue, "Repository stream too large to read into memory");
        var stream = new MemoryStream((int)entry.Length);
        using (var source = entry.Open())
            source.CopyTo(stream);
        stream.Position = 0;
        return AddEntry(path, stream);
    }

    protected override void OnDispose(Entry entry) => entry.Stream.Dispose();

    protected override void DisposeCore() => _archive.Dispose();
}
