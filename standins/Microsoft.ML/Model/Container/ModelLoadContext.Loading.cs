using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class ModelLoadContext
{
    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, name, extra))
            throw _context.ExceptDecode("Corrupt model file");
    }

    public bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class
    {
        _context.CheckValue(env, nameof(env));
        _context.Check(InRepository, "Can't load a sub-model when reading from a single stream");
        return LoadModelOrNull<TRes, TSig>(env, out result, Repository, Path.Combine(Directory ?? "", name), extra);
    }

    internal static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir, params object[] extra)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, rep, dir, extra))
            throw env.ExceptDecode("Corrupt model file");
    }

    internal static bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir, params object[] extra)
        where TRes : class
    {
        result = null;
        using var entry = rep.OpenEntryOrNull(dir, ModelStreamName);
        if (entry == null)
            return false;
        using var context = new ModelLoadContext(rep, entry, dir);
        result = context.Create<TRes, TSig>(env, extra) ?? throw env.ExceptDecode("Couldn't load model: '{0}'", dir);
        return true;
    }

    private TRes Create<TRes, TSig>(IHostEnvironment env, object[] extra)
        where TRes : class
    {
        RegisterLoaderAssembly(env.ComponentCatalog);
        object[] arguments = [this, .. extra];
        foreach (var signature in new[] { Header.LoaderSignature, Header.LoaderSignatureAlt })
        {
            if (string.IsNullOrWhiteSpace(signature)
                || !ComponentCatalog.TryCreateInstance<object, TSig>(env, out var instance, signature, "", arguments)
                || instance is not TRes result)
            {
                continue;
            }
            Done();
            return result;
        }
        if (LoaderAssemblyName != null && RealAssembly.IsHere(LoaderAssemblyName))
        {
            throw env.ExceptNotSupp(
                $"This stand-in of ML.NET has no component '{Header.LoaderSignature}' of {LoaderAssemblyName.Split(',')[0]}; load the model with ML.NET itself.");
        }
        return null;
    }

    private void RegisterLoaderAssembly(ComponentCatalog catalog)
    {
        if (string.IsNullOrEmpty(LoaderAssemblyName))
            return;
        var assembly = RealAssembly.IsHere(LoaderAssemblyName) ? typeof(ModelLoadContext).Assembly : Assembly.Load(LoaderAssemblyName);
        catalog.RegisterAssembly(assembly);
    }
}
