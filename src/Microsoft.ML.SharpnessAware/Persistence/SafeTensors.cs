using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Named tensors in one file, in a format that every framework reads. https://github.com/huggingface/safetensors</summary>
/// <remarks>TorchSharp has no safetensors, and its own format has no texts, such as a checkpoint's state, and checks names and shapes only while it already overwrites tensors.</remarks>
internal static class SafeTensors
{
    // Tensor.bytes is a span, so a large tensor goes through in pieces.
    const long PieceElements = 1 << 22;

    /// <param name="stream">Where to.</param>
    /// <param name="tensors">The tensors, on any device.</param>
    /// <param name="metadata">Texts that go along.</param>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<KeyValuePair<string, string>>? metadata = null)
    {
        var header = SafeTensorsHeader.Of(tensors, metadata);
        header.Write(stream);
        foreach (var entry in header.Entries)
            Write(stream, tensors[entry.Name]);
    }

    /// <summary>Copies every tensor of the file into the one of that name, converting its element type where that differs.</summary>
    /// <exception cref="FormatException">The file is damaged, or does not hold exactly these tensors in these shapes.</exception>
    public static void ReadInto(Stream stream, IReadOnlyDictionary<string, Tensor> tensors) => ReadInto(stream, entries => (entries, tensors));

    /// <summary>Does so for a part of the file's tensors, of a stream that can seek.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="choose">Which of the file's entries are wanted, in their order, with names that may be others; and into which tensors they go, each into one.</param>
    /// <exception cref="FormatException">The file is damaged, or what is wanted does not fit.</exception>
    public static void ReadInto(Stream stream, Func<IReadOnlyList<TensorEntry>, (IReadOnlyList<TensorEntry> Wanted, IReadOnlyDictionary<string, Tensor> Targets)> choose)
    {
        try
        {
            var (wanted, targets) = choose(SafeTensorsHeader.Read(stream).Entries);
            TensorMismatch.Of(wanted.Select(entry => (entry.Name, entry.Shape)), targets).Throw();
            Fill(targets, stream, wanted);
        }
        catch (EndOfStreamException end)
        {
            throw new FormatException("the file ends early", end);
        }
    }

    /// <summary>Copies tensors into those of the same names.</summary>
    /// <exception cref="FormatException">They are not exactly these tensors in these shapes.</exception>
    public static void Copy(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, Tensor> into)
    {
        using var noGradients = no_grad();
        TensorMismatch.Of(tensors.Select(tensor => (tensor.Key, tensor.Value.shape)), into).Throw();
        foreach (var (name, tensor) in tensors)
            into[name].copy_(tensor);
    }

    /// <summary>All tensors of the file, on the CPU and in the caller's scope.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static Dictionary<string, Tensor> Read(Stream stream)
    {
        using var scope = NewDisposeScope();
        var entries = SafeTensorsHeader.Read(stream).Entries;
        var tensors = entries.ToDictionary(entry => entry.Name, entry => empty(entry.Shape, dtype: entry.Type.Scalar));
        Fill(tensors, stream, entries);
        foreach (var tensor in tensors.Values)
            tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    static void Fill(IReadOnlyDictionary<string, Tensor> tensors, Stream stream, IReadOnlyList<TensorEntry> entries)
    {
        var at = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin > at)
                stream.Seek(entry.Begin - at, SeekOrigin.Current);
            Read(stream, entry, into: tensors[entry.Name]);
            at = entry.End;
        }
    }

    static void Write(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        foreach (var piece in Pieces(tensor.detach().cpu().contiguous()))
            stream.Write(piece.bytes);
    }

    static void Read(Stream stream, TensorEntry entry, Tensor into)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var isDirect = into.dtype == entry.Type.Scalar && into.device_type == DeviceType.CPU && into.is_contiguous();
        var tensor = isDirect ? into.detach() : empty(entry.Shape, dtype: entry.Type.Scalar);
        foreach (var piece in Pieces(tensor))
            stream.ReadExactly(piece.bytes);
        if (!isDirect)
            into.copy_(tensor);
    }

    static IEnumerable<Tensor> Pieces(Tensor tensor)
    {
        var elements = tensor.reshape(-1);
        for (var start = 0L; start < elements.numel(); start += PieceElements)
            yield return elements.narrow(0, start, Math.Min(PieceElements, elements.numel() - start));
    }
}

/// <summary>The head of a safetensors file: its length in 8 bytes, then a JSON table of texts about the file, and of the tensors. What is read has been checked.</summary>
internal sealed class SafeTensorsHeader
{
    const int MaxLength = 100_000_000;
    const int Alignment = 8;
    const string MetadataProperty = "__metadata__";

    static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    SafeTensorsHeader(IReadOnlyList<TensorEntry> entries, IReadOnlyList<KeyValuePair<string, string>> metadata) => (Entries, Metadata) = (entries, metadata);

    /// <summary>In the order of their bytes.</summary>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>Texts about the file, in their order; where there are any, they come before the tensors.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; }

    /// <summary>Largest elements first, so that each tensor starts at a multiple of its element's size.</summary>
    public static SafeTensorsHeader Of(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<KeyValuePair<string, string>>? metadata = null)
    {
        var entries = new List<TensorEntry>();
        var end = 0L;
        foreach (var (name, tensor) in tensors.OrderByDescending(t => TensorType.Of(t.Value).Size).ThenBy(t => t.Key, StringComparer.Ordinal))
        {
            var entry = new TensorEntry(name, TensorType.Of(tensor), tensor.shape, Begin: end, End: end);
            entries.Add(entry with { End = end += entry.Bytes });
        }
        return new(entries, metadata ?? []);
    }

    public void Write(Stream stream)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, Json))
        {
            writer.WriteStartObject();
            WriteMetadata(writer);
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
        var header = Parse(json);
        CheckOrder(header.Entries, rest - sizeof(long) - json.Length);
        return header;
    }

    void WriteMetadata(Utf8JsonWriter writer)
    {
        if (Metadata.Count == 0)
            return;
        writer.WriteStartObject(MetadataProperty);
        foreach (var (name, text) in Metadata)
            writer.WriteString(name, text);
        writer.WriteEndObject();
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

    static SafeTensorsHeader Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { AllowDuplicateProperties = false });
            var entries = document.RootElement.EnumerateObject().Where(p => p.Name != MetadataProperty).Select(p => TensorEntry.Parse(p.Name, p.Value));
            return new([.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)], MetadataIn(document.RootElement));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new FormatException($"the header is not a table of tensors: {fault.Message}", fault);
        }
    }

    static IReadOnlyList<KeyValuePair<string, string>> MetadataIn(JsonElement json) =>
        json.TryGetProperty(MetadataProperty, out var metadata)
            ? [.. metadata.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString() ?? ""))]
            : [];

    static void CheckOrder(IReadOnlyList<TensorEntry> entries, long? available)
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

/// <summary>An element type as safetensors names it.</summary>
internal sealed record TensorType(string Name, ScalarType Scalar, int Size)
{
    static readonly TensorType[] All =
    [
        new("F64", ScalarType.Float64, 8), new("F32", ScalarType.Float32, 4), new("F16", ScalarType.Float16, 2), new("BF16", ScalarType.BFloat16, 2),
        new("I64", ScalarType.Int64, 8), new("I32", ScalarType.Int32, 4), new("I16", ScalarType.Int16, 2), new("I8", ScalarType.Int8, 1),
        new("U8", ScalarType.Byte, 1), new("BOOL", ScalarType.Bool, 1),
    ];

    public static TensorType? Named(string? name) => Array.Find(All, type => type.Name == name);

    public static TensorType Of(Tensor tensor) =>
        Array.Find(All, type => type.Scalar == tensor.dtype) ?? throw new NotSupportedException($"Tensors of type {tensor.dtype} cannot be saved.");
}
