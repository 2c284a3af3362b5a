using System.Buffers.Binary;
using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The head of a safetensors file: its length in 8 bytes, then a JSON table of the tensors. What is read has been checked.</summary>
internal sealed class SafeTensorsHeader
{
    const int MaxLength = 100_000_000;
    const int Alignment = 8;
    const string Metadata = "__metadata__";

    SafeTensorsHeader(IReadOnlyList<TensorEntry> entries) => Entries = entries;

    /// <summary>In the order of their bytes.</summary>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>Largest elements first, so that each tensor starts at a multiple of its element's size.</summary>
    public static SafeTensorsHeader Of(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var entries = new List<TensorEntry>();
        var end = 0L;
        foreach (var (name, tensor) in tensors.OrderByDescending(t => TensorType.Of(t.Value).Size).ThenBy(t => t.Key, StringComparer.Ordinal))
        {
            var entry = new TensorEntry(name, TensorType.Of(tensor), tensor.shape, Begin: end, End: end);
            entries.Add(entry with { End = end += entry.Bytes });
        }
        return new(entries);
    }

    public void Write(Stream stream)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var entry in Entries)
                entry.Write(writer);
            writer.WriteEndObject();
        }
        while (json.Length % Alignment != 0)
            json.WriteByte((byte)' ');

        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        stream.Write(length);
        json.WriteTo(stream);
    }

    /// <exception cref="FormatException">The header is damaged, or contradicts itself or the file's length.</exception>
    /// <exception cref="EndOfStreamException">The header has no end.</exception>
    public static SafeTensorsHeader Read(Stream stream)
    {
        var rest = stream.CanSeek ? stream.Length - stream.Position : (long?)null;
        var json = ReadJson(stream, rest);
        var entries = Parse(json);
        CheckOrder(entries, rest - sizeof(long) - json.Length);
        return new(entries);
    }

    static byte[] ReadJson(Stream stream, long? rest)
    {
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > MaxLength)
            throw new FormatException($"the header claims to be {length} bytes long, which is not plausible");
        if (length > rest - sizeof(long))
            throw new FormatException($"the header claims to be {length} bytes long, but only {rest - sizeof(long)} follow");

        var json = new byte[length];
        stream.ReadExactly(json);
        return json;
    }

    static TensorEntry[] Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { AllowDuplicateProperties = false });
            var entries = document.RootElement.EnumerateObject().Where(p => p.Name != Metadata).Select(p => TensorEntry.Parse(p.Name, p.Value));
            return [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new FormatException($"the header is not a table of tensors: {fault.Message}", fault);
        }
    }

    static void CheckOrder(TensorEntry[] entries, long? available)
    {
        var end = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
                throw new FormatException($"the tensor '{entry.Name}' starts at byte {entry.Begin}, but the one before it ends at {end}");
            end = entry.End;
        }
        if (available is { } bytes && bytes != end)
            throw new FormatException($"the tensors need {end} bytes, but {bytes} follow the header");
    }
}
