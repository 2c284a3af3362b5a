using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed class RepositoryWriter : Repository
{
    private readonly ZipArchive _archive;
    private readonly HashSet<string> _paths = [];
    private readonly Queue<(string Path, Stream Stream)> _closed = [];

    private RepositoryWriter(Stream stream, IExceptionContext ectx)
        : base(ectx)
        => _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);

    public static RepositoryWriter CreateNew(Stream stream, IExceptionContext ectx = null)
    {
        ectx.CheckValue(stream, nameof(stream));
        var repository = new RepositoryWriter(stream, ectx);
        using var entry = repository.CreateEntry("TrainingInfo", "Version.txt");
        using var writer = new StreamWriter(entry.Stream, leaveOpen: true);
        writer.WriteLine(typeof(RepositoryWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>().InformationalVersion);
        return repository;
    }

    public Entry CreateEntry(string name) => CreateEntry(null, name);

    public Entry CreateEntry(string dir, string name)
    {
        Flush();
        var path = PathOf(dir, name);
        if (!_paths.Add(path))
            throw ExceptionContext.ExceptParam(nameof(name), "Duplicate entry: '{0}'", path);
        return AddEntry(path, new MemoryStream());
    }

    public void Commit()
    {
        ExceptionContext.Check(!Disposed);
        DisposeAllEntries();
        Flush();
        Dispose();
    }

    protected override void OnDispose(Entry entry) => _closed.Enqueue((entry.Path, entry.Stream));

    protected override void DisposeCore() => _archive.Dispose();

    /// <summary>Entries go into the zip in the order in which they were closed.</summary>
    private void Flush()
    {
        while (_closed.TryDequeue(out var entry))
        {
            using var source = entry.Stream;
            using var target = _archive.CreateEntry(entry.Path).Open();
            source.Position = 0;
            source.CopyTo(target);
        }
    }
}
