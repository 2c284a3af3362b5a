using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class ModelSaveContext : IDisposable
{
    [InternalInMlNet]
    public readonly string Directory;

    [InternalInMlNet]
    public readonly BinaryWriter Writer;

    private readonly RepositoryWriter _repository;
    private readonly Repository.Entry _entry;
    private readonly IExceptionContext _context;
    private readonly StringPool _strings = new();
    private readonly long _start;
    private ModelHeader _header;
    private string _loaderAssemblyName;

    internal ModelSaveContext(RepositoryWriter rep, string dir, string name)
    {
        _repository = rep;
        _context = rep.ExceptionContext;
        _context.CheckNonEmpty(name, nameof(name));
        Directory = dir;
        _entry = rep.CreateEntry(dir, name);
        Writer = new BinaryWriter(_entry.Stream, Encoding.UTF8, leaveOpen: true);
        _header = ModelHeader.BeginWrite(Writer, out _start);
    }

    internal ModelSaveContext(BinaryWriter writer, IExceptionContext ectx = null)
    {
        _context = ectx;
        _context.CheckValue(writer, nameof(writer));
        Writer = writer;
        _header = ModelHeader.BeginWrite(Writer, out _start);
    }

    [InternalInMlNet]
    public bool InRepository => _repository != null;

    [InternalInMlNet]
    public void CheckAtModel() => _context.Check(Writer.BaseStream.Position == _start + _header.FpModel);

    [InternalInMlNet]
    public void SetVersionInfo(VersionInfo ver)
    {
        _header.SetVersionInfo(ver);
        _loaderAssemblyName = ver.LoaderAssemblyName;
    }

    [InternalInMlNet]
    public void SaveStringOrNull(string str) => Writer.Write(str == null ? -1 : _strings.IdOf(str));

    [InternalInMlNet]
    public void SaveString(string str)
    {
        _context.CheckValue(str, nameof(str));
        Writer.Write(_strings.IdOf(str));
    }

    [InternalInMlNet]
    public void SaveString(ReadOnlyMemory<char> str) => Writer.Write(_strings.IdOf(str.ToString()));

    [InternalInMlNet]
    public void SaveNonEmptyString(string str)
    {
        _context.CheckParam(!string.IsNullOrEmpty(str), nameof(str));
        Writer.Write(_strings.IdOf(str));
    }

    [InternalInMlNet]
    public void SaveNonEmptyString(ReadOnlyMemory<char> str) => SaveString(str);

    [InternalInMlNet]
    public void Done()
    {
        _context.Check(_header.ModelSignature != 0, "ModelSignature not specified!");
        _header.EndWrite(Writer, _start, _strings.Strings, _loaderAssemblyName);
        Dispose();
    }

    public void Dispose()
    {
        if (!InRepository)
            return;
        Writer.Dispose();
        _entry.Dispose();
    }
}
