using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>One tensor in a safetensors file: what it is called, what it is, and which bytes after the header are its own.</summary>
internal sealed record TensorEntry(string Name, TensorType Type, long[] Shape, long Begin, long End)
{
    const string TypeProperty = "dtype";
    const string ShapeProperty = "shape";
    const string BytesProperty = "data_offsets";

    public long Bytes => Shape.Aggregate((long)Type.Size, (product, size) => checked(product * size));

    /// <exception cref="FormatException">The entry contradicts itself.</exception>
    public static TensorEntry Parse(string name, JsonElement json)
    {
        var typeName = json.GetProperty(TypeProperty).GetString();
        var type = TensorType.Named(typeName) ?? throw new FormatException($"the tensor '{name}' has the unknown element type '{typeName}'");
        var shape = Numbers(json.GetProperty(ShapeProperty));
        var bytes = Numbers(json.GetProperty(BytesProperty));
        if (shape.Any(size => size < 0) || bytes is not [>= 0, >= 0] || bytes[1] < bytes[0])
            throw new FormatException($"the tensor '{name}' has the shape {Text(shape)} at the bytes {Text(bytes)}");

        var entry = new TensorEntry(name, type, shape, bytes[0], bytes[1]);
        if (entry.Bytes != entry.End - entry.Begin)
            throw new FormatException($"the tensor '{name}' of shape {Text(shape)} needs {entry.Bytes} bytes, but has {entry.End - entry.Begin}");
        return entry;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject(Name);
        writer.WriteString(TypeProperty, Type.Name);
        Write(writer, ShapeProperty, Shape);
        Write(writer, BytesProperty, [Begin, End]);
        writer.WriteEndObject();
    }

    public static string Text(IEnumerable<long> numbers) => $"[{string.Join(", ", numbers)}]";

    static void Write(Utf8JsonWriter writer, string name, long[] numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    static long[] Numbers(JsonElement json) => [.. json.EnumerateArray().Select(number => number.GetInt64())];
}
