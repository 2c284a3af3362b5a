using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class ModelLoadContext
{
    public bool ContainsModel(string name)
    {
        if (!InRepository || string.IsNullOrEmpty(name))
            return false;
        using var entry = Repository.OpenEntryOrNull(Path.Combine(Directory ?? "", name), ModelStreamName);
        return entry != null;
    }

    public bool TryProcessSubModel(string dir, Action<ModelLoadContext> action)
    {
        CheckPart(dir, nameof(dir), action);
        var path = Path.Combine(Directory, dir);
        using var entry = Repository.OpenEntryOrNull(path, ModelStreamName);
        if (entry == null)
            return false;
        using var part = new ModelLoadContext(Repository, entry, path);
        action(part);
        return true;
    }

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        CheckPart(name, nameof(name), action);
        using var entry = Repository.OpenEntryOrNull(Directory, name);
        if (entry == null)
            return false;
        using var reader = new BinaryReader(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(reader);
        return true;
    }

    public bool TryLoadTextStream(string name, Action<TextReader> action)
    {
        CheckPart(name, nameof(name), action);
        using var entry = Repository.OpenEntryOrNull(Directory, name);
        if (entry == null)
            return false;
        using var reader = new StreamReader(entry.Stream);
        action(reader);
        return true;
    }

    private void CheckPart(string name, string parameter, Delegate action)
    {
        _context.Check(InRepository, "Can't Load a sub-model when reading from a single stream");
        _context.CheckNonEmpty(name, parameter);
        _context.CheckValue(action, nameof(action));
    }
}
