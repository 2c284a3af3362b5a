using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

[InternalInMlNet]
public sealed partial class ModelLoadContext : IDisposable
{
    public const string ModelStreamName = "Model.key";

    public readonly string Directory;
    public readonly BinaryReader Reader;
    public readonly string[] Strings;
    public readonly string LoaderAssemblyName;
    public readonly long FpMin;
    internal readonly RepositoryReader Repository;
    internal ModelHeader Header;
    private readonly IExceptionContext _context;

    internal ModelLoadContext(RepositoryReader rep, Repository.Entry ent, string dir)
    {
        Repository = rep;
        _context = rep.ExceptionContext;
        Directory = dir;
        Reader = new BinaryReader(ent.Stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            Header = ModelHeader.BeginRead(Reader, out FpMin, out Strings, out LoaderAssemblyName);
        }
        catch
        {
            Reader.Dispose();
            throw;
        }
    }

    internal ModelLoadContext(BinaryReader reader, IExceptionContext ectx = null)
    {
        _context = ectx;
        _context.CheckValue(reader, nameof(reader));
        Reader = reader;
        Header = ModelHeader.BeginRead(Reader, out FpMin, out Strings, out LoaderAssemblyName);
    }

    public bool InRepository => Repository != null;

    public void CheckAtModel() => _context.Check(Reader.BaseStream.Position == FpMin + Header.FpModel);

    public void CheckAtModel(VersionInfo ver)
    {
        CheckAtModel();
        CheckVersionInfo(ver);
    }

    public void CheckVersionInfo(VersionInfo ver) => Header.CheckVersionInfo(ver);

    public string LoadStringOrNull()
    {
        var id = Reader.ReadInt32();
        _context.CheckDecode(-1 <= id && id < (Strings?.Length ?? 0));
        return id < 0 ? null : Strings[id];
    }

    public string LoadString()
    {
        var id = Reader.ReadInt32();
        _context.CheckDecode(0 <= id && id < (Strings?.Length ?? 0));
        return Strings[id];
    }

    public string LoadNonEmptyString()
    {
        var text = LoadString();
        _context.CheckDecode(text.Length > 0);
        return text;
    }

    /// <summary>Checks that the body has been read to its end.</summary>
    public void Done()
    {
        Header.EndRead(Reader, FpMin);
        Dispose();
    }

    public void Dispose()
    {
        if (InRepository)
            Reader.Dispose();
    }
}
