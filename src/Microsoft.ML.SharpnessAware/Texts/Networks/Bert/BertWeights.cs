using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Where the trained weights of a BERT are, with the names that the Hugging Face Hub has.</summary>
internal abstract record BertWeights
{
    static readonly string[] FirstWords = ["bert.", "distilbert.", "roberta.", "auto_model.", "0.auto_model.", "model."];

    // What other heads left in the file, and a table of the numbers 0, 1, 2, ... that old versions saved.
    static readonly string[] NotOurs = ["classifier.", "cls.", "lm_head.", "pooler.", "pre_classifier.", "qa_outputs.", "vocab_", "embeddings.position_ids"];

    /// <summary>A file, or what was read from a stream, in words.</summary>
    protected abstract string Name { get; }

    /// <summary>All tensors, on the CPU and in the caller's scope.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    protected abstract Dictionary<string, Tensor> Tensors();

    /// <exception cref="InvalidOperationException">There is no such file.</exception>
    public virtual void CheckExist() { }

    /// <summary>The ONNX file that they are in.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    /// <exception cref="InvalidOperationException">They are in no ONNX file.</exception>
    public abstract OnnxWeightsFile Onnx();

    /// <summary>Copies the weights into those of a network; other heads than the network's stay out.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read, or has other tensors than the network.</exception>
    public void ReadInto(IReadOnlyDictionary<string, Tensor> network, NamesInFiles names, int layers)
    {
        CheckExist();
        using var scope = NewDisposeScope();
        Understood(() =>
        {
            var trained = ByCommonName(Tensors());
            var wanted = names.InFile(network, layers, withHead: names.Head.Any(part => trained.ContainsKey($"{part.InFiles}.weight")));
            foreach (var name in trained.Keys.Where(name => !wanted.ContainsKey(name) && NotOurs.Any(other => name.StartsWith(other, StringComparison.Ordinal))).ToArray())
                trained.Remove(name);
            SafeTensors.Copy(trained, into: wanted);
            return wanted;
        });
    }

    /// <summary>What is made of the file.</summary>
    /// <exception cref="InvalidOperationException">It cannot be read, or does not hold what was expected.</exception>
    public T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The weights in {Name} cannot be used: {fault.Message.TrimEnd('.')}. They have to be those of {Description}.", fault);
        }
    }

    /// <summary>What the weights have to fit.</summary>
    protected abstract string Description { get; }

    static Dictionary<string, Tensor> ByCommonName(Dictionary<string, Tensor> tensors)
    {
        var named = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in tensors)
            if (!named.TryAdd(CommonName(name), tensor))
                throw new FormatException($"'{CommonName(name)}' is there twice, under an old and a new name");
        return named;
    }

    /// <summary>Without the first word; and norm layers, which once had a gamma and a beta, as all others.</summary>
    public static string CommonName(string name)
    {
        var rest = FirstWords.FirstOrDefault(word => name.StartsWith(word, StringComparison.Ordinal)) is { } word ? name[word.Length..] : name;
        return rest.EndsWith(".gamma", StringComparison.Ordinal) ? rest[..^".gamma".Length] + ".weight"
            : rest.EndsWith(".beta", StringComparison.Ordinal) ? rest[..^".beta".Length] + ".bias"
            : rest;
    }
}

/// <summary>The weights of a model folder, beside its config.json: model.safetensors, or where there is none, model.onnx, also in a folder "onnx".</summary>
internal sealed record BertFolderWeights(string Folder) : BertWeights
{
    const string FileName = "model.safetensors";

    static readonly string[] OnnxFileNames = ["model.onnx", Path.Combine("onnx", "model.onnx")];

    /// <summary>The file that is read.</summary>
    public string File => Array.Find([FileName, .. OnnxFileNames], name => System.IO.File.Exists(Path.Combine(Folder, name))) is { } found ? Path.Combine(Folder, found) : Path.Combine(Folder, FileName);

    public override void CheckExist()
    {
        if (!System.IO.File.Exists(File))
            throw new InvalidOperationException($"The model folder '{Folder}' has neither {FileName} nor {OnnxFileNames[0]}. Download one with the config, or save the model as safetensors; files that Python pickled, such as pytorch_model.bin, are not read.");
    }

    bool IsOnnx => Path.GetExtension(File) == ".onnx";

    public override OnnxWeightsFile Onnx() => IsOnnx ? OnnxWeightsFile.Read(File) : throw OnnxReference.Incomparable($"'{File}' is no ONNX file");

    protected override string Name => $"'{File}'";

    protected override string Description => "the config.json beside them";

    protected override Dictionary<string, Tensor> Tensors()
    {
        if (IsOnnx)
            return OnnxNames.Read(Onnx());
        using var file = System.IO.File.OpenRead(File);
        return SafeTensors.Read(file);
    }
}

/// <summary>The weights of an ONNX file.</summary>
/// <param name="Path">The file; null where it was read from a stream.</param>
/// <param name="Content">What was read from the stream.</param>
internal sealed record BertOnnxWeights(string? Path, OnnxContent? Content) : BertWeights
{
    public override void CheckExist()
    {
        if (Path is not null && !File.Exists(Path))
            throw new InvalidOperationException($"There is no file '{Path}' to read the network's weights from. Give the path of an ONNX file; nothing is downloaded.");
    }

    /// <exception cref="FormatException">It is damaged, or no ONNX file.</exception>
    public override OnnxWeightsFile Onnx() => Path is null ? OnnxWeightsFile.Read(new MemoryStream(Content!.Bytes), folder: null) : OnnxWeightsFile.Read(Path);

    protected override string Name => Path is null ? "the stream" : $"'{Path}'";

    protected override string Description => "a network as PyTorch exports it, with the names of its layers";

    protected override Dictionary<string, Tensor> Tensors() => OnnxNames.Read(Onnx());
}

/// <summary>The bytes of an ONNX file that was given as a stream; the same where the bytes are.</summary>
internal sealed class OnnxContent(byte[] bytes) : IEquatable<OnnxContent>
{
    public byte[] Bytes => bytes;

    public string Digest { get; } = Convert.ToHexString(SHA256.HashData(bytes));

    public bool Equals(OnnxContent? other) => other?.Digest == Digest;

    public override bool Equals(object? obj) => Equals(obj as OnnxContent);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Digest);
}
