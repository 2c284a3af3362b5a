using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Rules, optimizers, schedules, networks and other records as JSON, there and back to the last bit.</summary>
internal static class RecordJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(), new AbstractRecordConverterFactory() },
    };

    public static string Write<T>(T record) => JsonSerializer.Serialize(record, Options);

    /// <summary>A value of an option, for people to read or for comparison. What JSON cannot say of a user's own record is said as text.</summary>
    public static JsonNode? Describe(object? value, Type type)
    {
        try
        {
            return JsonSerializer.SerializeToNode(value, type, Options);
        }
        catch (NotSupportedException)
        {
            return value?.ToString();
        }
    }

    /// <exception cref="JsonException">The text is not the JSON of such a record, or a value in it is out of its range.</exception>
    public static T Read<T>(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"there is no {typeof(T).Name}");
        }
        catch (ArgumentException outOfRange)
        {
            throw new JsonException(outOfRange.Message, outOfRange);
        }
    }
}

/// <summary>One family of records.</summary>
internal sealed class AbstractRecordConverter<T> : JsonConverter<T>
    where T : class
{
    const string TypeProperty = "$type";

    public override void Write(Utf8JsonWriter writer, T record, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(TypeProperty, RecordName.Of(record.GetType()));
        foreach (var (name, value) in JsonSerializer.SerializeToNode(record, record.GetType(), options)!.AsObject())
        {
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, value, options);
        }
        writer.WriteEndObject();
    }

    public override T Read(ref Utf8JsonReader reader, Type family, JsonSerializerOptions options)
    {
        if (JsonNode.Parse(ref reader) is not JsonObject json || !json.Remove(TypeProperty, out var name) || name is null)
            throw new JsonException($"{family.Name} must be an object with a {TypeProperty}");
        return (T)json.Deserialize(RecordName.Find(name.ToString(), family), options)!;
    }
}

/// <summary>An abstract record whose values are saved with the name of their own type.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RecordFamilyAttribute : Attribute;

/// <summary>Where a property is declared as a family of records (a rule, a network, ...), the JSON says which: {"$type": "Asam", "Rho": 0.5}.</summary>
internal sealed class AbstractRecordConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type type) => type.IsAbstract && type.IsDefined(typeof(RecordFamilyAttribute), inherit: true);

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(AbstractRecordConverter<>).MakeGenericType(type))!;
}

/// <summary>What differs between two JSON objects, in words: "Epoch was 10 and is 20".</summary>
internal static class JsonDifferences
{
    /// <summary>What a text begins with that stands for data; of such it is said that they differ, and not how.</summary>
    public const string Digest = "sha256:";

    const string TypeProperty = "$type";
    const int MostCharacters = 200;

    public static IEnumerable<string> Of(JsonNode? was, JsonNode? now, string name = "")
    {
        if (Same(was, now))
            return [];
        if (was is JsonObject before && now is JsonObject after && Same(before[TypeProperty], after[TypeProperty]))
            return before.Concat(after).Select(p => p.Key).Distinct().SelectMany(part => Of(before[part], after[part], name == "" ? part : $"{name}.{part}"));
        return [IsDigest(was) || IsDigest(now) ? $"{name} differ" : $"{name} was {Short(Text(was))} and is {Short(Text(now))}"];
    }

    // Numbers are written in one way only.
    static bool Same(JsonNode? a, JsonNode? b) => a?.ToJsonString() == b?.ToJsonString();

    static bool IsDigest(JsonNode? node) => node is JsonValue && node.ToString().StartsWith(Digest, StringComparison.Ordinal);

    static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray array => $"[{string.Join(", ", array.Select(Text))}]",
        JsonObject record => $"{record[TypeProperty]} {{{string.Join(",", record.Where(p => p.Key != TypeProperty).Select(p => $" {p.Key} = {Text(p.Value)}"))} }}".TrimStart(),
        _ => node.ToString(),
    };

    static string Short(string text) => text.Length > MostCharacters ? text[..MostCharacters] + "..." : text;
}

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
            throw new JsonException($"the type '{name}' is no {family.Name}");
        return type;
    }
}
