using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The weights of a model folder: model.safetensors, with the names that the Hugging Face Hub has.</summary>
internal static class TrainedWeights
{
    const string FileName = "model.safetensors";

    static readonly string[] FirstWords = ["bert.", "distilbert.", "roberta."];

    // What other heads left in the file, and a table of the numbers 0, 1, 2, ... that old versions saved.
    static readonly string[] NotOurs = ["classifier.", "cls.", "lm_head.", "pooler.", "pre_classifier.", "qa_outputs.", "vocab_", "embeddings.position_ids"];

    /// <exception cref="InvalidOperationException">There is no such file.</exception>
    public static void CheckExist(string folder)
    {
        if (!File.Exists(Path.Combine(folder, FileName)))
            throw new InvalidOperationException($"The model folder '{folder}' has no {FileName}. Download it with the config, or save the model as safetensors; files that Python pickled, such as pytorch_model.bin, are not read.");
    }

    /// <summary>Copies the file's weights into those of a network; other heads than the network's stay out.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read, or has other tensors than the network.</exception>
    public static void ReadInto(IReadOnlyDictionary<string, Tensor> network, string folder, NamesInFiles names, int layers)
    {
        CheckExist(folder);
        var path = Path.Combine(folder, FileName);
        Dictionary<string, Tensor> tensors = [];
        try
        {
            using (var file = File.OpenRead(path))
                tensors = SafeTensors.Read(file);
            var trained = ByCommonName(tensors);
            var wanted = names.InFile(network, layers, withHead: names.Head.Any(part => trained.ContainsKey($"{part.InFiles}.weight")));
            foreach (var name in trained.Keys.Where(name => !wanted.ContainsKey(name) && NotOurs.Any(other => name.StartsWith(other, StringComparison.Ordinal))).ToArray())
                trained.Remove(name);
            SafeTensors.Copy(trained, into: wanted);
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The weights in '{path}' cannot be used: {fault.Message.TrimEnd('.')}. They have to be those of the config.json beside them.", fault);
        }
        finally
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
        }
    }

    static Dictionary<string, Tensor> ByCommonName(Dictionary<string, Tensor> tensors)
    {
        var named = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in tensors)
            if (!named.TryAdd(CommonName(name), tensor))
                throw new FormatException($"'{CommonName(name)}' is there twice, under an old and a new name");
        return named;
    }

    // Without the first word; and norm layers, which once had a gamma and a beta, as all others.
    static string CommonName(string name)
    {
        var rest = FirstWords.FirstOrDefault(word => name.StartsWith(word, StringComparison.Ordinal)) is { } word ? name[word.Length..] : name;
        return rest.EndsWith(".gamma", StringComparison.Ordinal) ? rest[..^".gamma".Length] + ".weight"
            : rest.EndsWith(".beta", StringComparison.Ordinal) ? rest[..^".beta".Length] + ".bias"
            : rest;
    }
}

/// <summary>The config.json of a model folder.</summary>
internal sealed class ModelConfig
{
    const string FileName = "config.json";

    static readonly Dictionary<string, HiddenActivation> Activations = new()
    {
        ["gelu"] = HiddenActivation.Gelu,
        ["gelu_new"] = HiddenActivation.GeluTanh,
        ["gelu_pytorch_tanh"] = HiddenActivation.GeluTanh,
        ["relu"] = HiddenActivation.Relu,
    };

    readonly string _path;
    readonly JsonElement _json;

    ModelConfig(string path, JsonElement json) => (_path, _json) = (path, json);

    /// <exception cref="InvalidOperationException">The folder has none, or it is no JSON object.</exception>
    public static ModelConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new InvalidOperationException($"The model folder '{folder}' has no {FileName}. Give the folder into which the whole model was downloaded.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ModelConfig(path, document.RootElement.Clone())
                : throw new JsonException("it is not an object");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"'{path}' cannot be read: {fault.Message.TrimEnd('.')}.", fault);
        }
    }

    public string Text(string name) => Value(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Fault($"has no text '{name}'");

    public int Integer(string name, int? otherwise = null) =>
        Value(name) is not { } value ? otherwise ?? throw Fault($"has no number '{name}'")
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : throw Fault($"has {value.GetRawText()} as '{name}', which is no whole number");

    public double Real(string name, double otherwise) =>
        Value(name) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : throw Fault($"has {value.GetRawText()} as '{name}', which is no number");

    public HiddenActivation Activation(string name) =>
        Value(name) is null ? HiddenActivation.Gelu
        : Activations.TryGetValue(Text(name), out var activation) ? activation
        : throw Fault($"has the {name} '{Text(name)}', which is not known; known are {string.Join(", ", Activations.Keys)}");

    /// <exception cref="InvalidOperationException">There is another text than this one.</exception>
    public void Expect(string name, string text)
    {
        if (Value(name) is not null && Text(name) != text)
            throw Fault($"has the {name} '{Text(name)}'; only '{text}' is known");
    }

    public InvalidOperationException Fault(string what) => new($"'{_path}' {what}.");

    // Null where there is none, and where it says null.
    JsonElement? Value(string name) => _json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

/// <summary>What files call the parts of our modules that are trained already, after a first word such as "bert." that not all of them have.</summary>
internal sealed record NamesInFiles
{
    /// <summary>What is before the layers.</summary>
    public required (string Ours, string InFiles)[] Embeddings { get; init; }

    /// <summary>Where files have the layers.</summary>
    public required string Layers { get; init; }

    public required (string Ours, string InFiles)[] Layer { get; init; }

    /// <summary>Parts of the head; not all files have them.</summary>
    public (string Ours, string InFiles)[] Head { get; init; } = [];

    /// <summary>BERT's own.</summary>
    public static NamesInFiles OfBert { get; } = new()
    {
        Embeddings =
        [
            ("embeddings.words", "embeddings.word_embeddings"),
            ("embeddings.positions", "embeddings.position_embeddings"),
            ("embeddings.segments", "embeddings.token_type_embeddings"),
            ("embeddings.norm", "embeddings.LayerNorm"),
        ],
        Layers = "encoder.layer",
        Layer =
        [
            ("attention.query", "attention.self.query"),
            ("attention.key", "attention.self.key"),
            ("attention.value", "attention.self.value"),
            ("attention.output", "attention.output.dense"),
            ("attentionNorm", "attention.output.LayerNorm"),
            ("feedForward.first", "intermediate.dense"),
            ("feedForward.second", "output.dense"),
            ("feedForwardNorm", "output.LayerNorm"),
        ],
    };

    /// <summary>DistilBERT's.</summary>
    public static NamesInFiles OfDistilBert { get; } = new()
    {
        Embeddings = [.. OfBert.Embeddings.Where(name => name.Ours != "embeddings.segments")],
        Layers = "transformer.layer",
        Layer =
        [
            ("attention.query", "attention.q_lin"),
            ("attention.key", "attention.k_lin"),
            ("attention.value", "attention.v_lin"),
            ("attention.output", "attention.out_lin"),
            ("attentionNorm", "sa_layer_norm"),
            ("feedForward.first", "ffn.lin1"),
            ("feedForward.second", "ffn.lin2"),
            ("feedForwardNorm", "output_layer_norm"),
        ],
    };

    /// <summary>The tensors that a file has to have, by its names for them.</summary>
    public Dictionary<string, Tensor> InFile(IReadOnlyDictionary<string, Tensor> ours, int layers, bool withHead)
    {
        var modules = Enumerable.Range(0, layers)
            .SelectMany(layer => Layer.Select(part => (Ours: $"layers.{layer}.{part.Ours}", InFiles: $"{Layers}.{layer}.{part.InFiles}")))
            .Concat(Embeddings).Concat(withHead ? Head : [])
            .ToDictionary(module => module.Ours, module => module.InFiles);
        return ours.Select(tensor => (Dot: tensor.Key.LastIndexOf('.'), tensor.Key, tensor.Value))
            .Where(tensor => modules.ContainsKey(tensor.Key[..tensor.Dot]))
            .ToDictionary(tensor => modules[tensor.Key[..tensor.Dot]] + tensor.Key[tensor.Dot..], tensor => tensor.Value);
    }
}
