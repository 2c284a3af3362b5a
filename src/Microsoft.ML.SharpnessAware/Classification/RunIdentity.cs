using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What a run is of, by names that people know: all options that decide what it computes, the classes and the data.</summary>
internal static class RunIdentity
{
    public static JsonObject Of(SamTrainerOptions options, IReadOnlyList<string> classes, ILabelledRows training, ILabelledRows? validation)
    {
        var identity = new JsonObject();
        foreach (var option in options.GetType().GetFields().Where(field => field.GetCustomAttribute<MayDifferOnResumeAttribute>() is null))
            identity[option.Name] = RecordJson.Describe(Contents(option.GetValue(options)), option.FieldType);
        identity["Classes"] = new JsonArray([.. classes.Select(name => JsonValue.Create(name))]);
        Add("training rows", training);
        Add("validation rows", validation);
        return identity;

        void Add(string name, ILabelledRows? rows)
        {
            identity[$"the number of {name}"] = rows?.Count ?? 0;
            identity[$"the {name}"] = rows is null ? null : Digest(rows);
        }
    }

    // What is in a file counts, and not where it lies.
    static object? Contents(object? option) => option is Network { Weights: { } path } network ? network with { Weights = Digest(path) } : option;

    static string Digest(string path)
    {
        using var file = File.OpenRead(path);
        return Text(SHA256.HashData(file));
    }

    static string Digest(ILabelledRows rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        rows.AddTo(hash);
        return Text(hash.GetHashAndReset());
    }

    static string Text(byte[] hash) => JsonDifferences.Digest + Convert.ToHexStringLower(hash);
}
