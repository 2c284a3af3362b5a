namespace Microsoft.ML.SharpnessAware;

/// <summary>Named tensors in one file, in a format that every framework reads. https://github.com/huggingface/safetensors</summary>
internal static class SafeTensors
{
    // Tensor.bytes is a span, so a large tensor goes through in pieces.
    const long PieceElements = 1 << 22;

    /// <param name="stream">Where to.</param>
    /// <param name="tensors">The tensors, on any device.</param>
    /// <param name="metadata">Texts that go along.</param>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, OrderedDictionary<string, string>? metadata = null)
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
    public static void ReadInto(Stream stream, Func<IReadOnlyList<TensorEntry>, (IReadOnlyList<TensorEntry> Wanted, IReadOnlyDictionary<string, Tensor> Places)> choose)
    {
        try
        {
            var (wanted, places) = choose(SafeTensorsHeader.Read(stream).Entries);
            Misfit.Of(wanted.Select(entry => (entry.Name, entry.Shape)), places).Throw();
            Fill(places, stream, wanted);
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
        Misfit.Of(tensors.Select(tensor => (tensor.Key, tensor.Value.shape)), into).Throw();
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
