using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A record's type as a file names it: our own by short name, others as "Full.Name, Assembly".</summary>
internal static class RecordName
{
    static readonly System.Reflection.Assembly Ours = typeof(RecordName).Assembly;

    public static string Of(Type type) => type.Assembly == Ours ? type.Name : $"{type.FullName}, {type.Assembly.GetName().Name}";

    /// <exception cref="JsonException">There is no such type, or it is not of that family.</exception>
    public static Type Find(string name, Type family)
    {
        var type = name.Contains(',') ? Type.GetType(name) : Ours.GetType($"{typeof(RecordName).Namespace}.{name}");
        if (type is null)
            throw new JsonException($"there is no type '{name}': it was renamed, or its assembly is not part of this application");
        if (type.IsAbstract || !family.IsAssignableFrom(type))
            throw new JsonException($"the type '{name}' is not a {family.Name}");
        return type;
    }
}
