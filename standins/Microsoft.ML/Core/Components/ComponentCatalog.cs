using System.Reflection;

namespace Microsoft.ML.Runtime;

public sealed partial class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), LoadableClassInfo> _classes = [];

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName))
                return;
            foreach (var attribute in assembly.GetCustomAttributes<LoadableClassAttributeBase>())
                Register(attribute, throwOnError);
            // ML.NET looks through all types for extensions, so that an assembly with a type that does not load fails here.
            if (assembly != typeof(ComponentCatalog).Assembly)
                assembly.GetTypes();
        }
    }

    [InternalInMlNet]
    public static bool TryCreateInstance<TRes, TSig>(IHostEnvironment env, out TRes result, string name, string options, params object[] extra)
        where TRes : class
    {
        Contracts.CheckValue(env, nameof(env));
        result = null;
        if (!env.ComponentCatalog._classes.TryGetValue((NameKey(name), typeof(TSig)), out var info))
            return false;
        if (!typeof(TRes).IsAssignableFrom(info.Type))
            throw env.Except("Loadable class '{0}' does not derive from '{1}'", name, typeof(TRes).FullName);
        if (info.ExtraArgCount != (extra?.Length ?? 0))
        {
            throw env.Except(
                "Wrong number of extra parameters for loadable class '{0}', need '{1}', given '{2}'",
                name,
                info.ExtraArgCount,
                extra?.Length ?? 0);
        }
        result = (TRes)info.CreateInstance(env, extra);
        return true;
    }

    private void Register(LoadableClassAttributeBase attribute, bool throwOnError)
    {
        var info = new LoadableClassInfo(attribute);
        if (!info.CanCreate && throwOnError)
            throw Contracts.Except($"Can't instantiate loadable class '{attribute.InstanceType.Name}' with name '{attribute.LoadNames[0]}'");
        foreach (var signature in attribute.SigTypes)
        {
            foreach (var name in attribute.LoadNames)
            {
                if (_classes.TryAdd((NameKey(name), signature), info) || !throwOnError)
                    continue;
                var other = _classes[(NameKey(name), signature)];
                throw Contracts.Except(
                    $"ComponentCatalog cannot map name '{name}' and SignatureType '{signature}' to {info.Type.Name}, already mapped to {other.Type.Name}.");
            }
        }
    }

    private static string NameKey(string name) => (name ?? "").ToLowerInvariant().Trim();
}
