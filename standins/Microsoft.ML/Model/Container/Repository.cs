using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The entries of a model zip. Paths use the machine's separator, as in ML.NET.</summary>
internal abstract class Repository : IDisposable
{
    private readonly List<Entry> _open = [];

    protected Repository(IExceptionContext ectx) => ExceptionContext = ectx;

    public IExceptionContext ExceptionContext { get; }

    protected bool Disposed { get; private set; }

    public void Dispose()
    {
        if (Disposed)
            return;
        DisposeAllEntries();
        DisposeCore();
        Disposed = true;
    }

    protected abstract void DisposeCore();

    protected abstract void OnDispose(Entry entry);

    protected void DisposeAllEntries()
    {
        while (_open.Count > 0)
            _open[^1].Dispose();
    }

    protected Entry AddEntry(string path, Stream stream)
    {
        var entry = new Entry(this, path, stream);
        _open.Add(entry);
        return entry;
    }

    protected string PathOf(string dir, string name)
    {
        ExceptionContext.Check(!Disposed);
        ExceptionContext.CheckParam(dir == null || !dir.Contains(".."), nameof(dir));
        ExceptionContext.CheckParam(!string.IsNullOrWhiteSpace(name), nameof(name));
        ExceptionContext.CheckParam(!name.Contains(".."), nameof(name));
        return Normalize(Path.Combine(dir ?? "", name));
    }

    protected static string Normalize(string path) => path.Replace('/', Path.DirectorySeparatorChar);

    public sealed class Entry : IDisposable
    {
        private Repository _repository;

        internal Entry(Repository repository, string path, Stream stream)
        {
            _repository = repository;
            Path = path;
            Stream = stream;
        }

        public string Path { get; }

        public Stream Stream { get; }

        public void Dispose()
        {
            if (_repository == null)
                return;
            _repository._open.Remove(this);
            _repository.OnDispose(this);
            _repository = null;
        }
    }
}
