using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

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
            throw new JsonException($"a {family.Name} must be an object with a {TypeProperty}");
        return (T)json.Deserialize(RecordName.Find(name.ToString(), family), options)!;
    }
}
