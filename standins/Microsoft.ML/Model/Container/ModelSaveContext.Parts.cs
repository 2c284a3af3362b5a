using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class ModelSaveContext
{
    [InternalInMlNet]
    public void SaveTextStream(string name, Action<TextWriter> action)
    {
        CheckStream(name, action);
        using var entry = _repository.CreateEntry(Directory, name);
        using var writer = new StreamWriter(entry.Stream, leaveOpen: true);
        action(writer);
    }

    [InternalInMlNet]
    public void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        CheckStream(name, action);
        using var entry = _repository.CreateEntry(Directory, name);
        using var writer = new BinaryWriter(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(writer);
    }

    [InternalInMlNet]
    public void SaveModel<T>(T value, string name)
        where T : class
    {
        _context.Check(InRepository, "Can't save a sub-model when writing to a single stream");
        SaveModel(_repository, value, Path.Combine(Directory ?? "", name));
    }

    [InternalInMlNet]
    public void SaveSubModel(string dir, Action<ModelSaveContext> fn)
    {
        _context.Check(InRepository, "Can't save a sub-model when writing to a single stream");
        _context.CheckNonEmpty(dir, nameof(dir));
        _context.CheckValue(fn, nameof(fn));
        using var part = new ModelSaveContext(_repository, Path.Combine(Directory ?? "", dir), ModelLoadContext.ModelStreamName);
        fn(part);
        part.Done();
    }

    internal static void SaveModel<T>(RepositoryWriter rep, T value, string path)
        where T : class
    {
        if (value is not ICanSaveModel model)
            return;
        using var context = new ModelSaveContext(rep, path, ModelLoadContext.ModelStreamName);
        model.Save(context);
        context.Done();
    }

    private void CheckStream(string name, Delegate action)
    {
        _context.Check(InRepository, "Can't save a text stream when writing to a single stream");
        _context.CheckNonEmpty(name, nameof(name));
        _context.CheckValue(action, nameof(action));
    }
}
