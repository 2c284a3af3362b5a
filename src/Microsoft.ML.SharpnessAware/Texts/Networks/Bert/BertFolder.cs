using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

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

    /// <summary>False where it is not there.</summary>
    public bool Flag(string name) => Value(name) is { ValueKind: JsonValueKind.True };

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

/// <summary>The 1_Pooling/config.json that the folder of a sentence embedding has.</summary>
internal static class PoolingConfig
{
    /// <summary>What it says; null where there is none.</summary>
    /// <exception cref="InvalidOperationException">It cannot be read, or says something else.</exception>
    public static BertPooling? In(string folder)
    {
        var path = Path.Combine(folder, "1_Pooling");
        if (!Directory.Exists(path))
            return null;
        var config = ModelConfig.Read(path);
        return config.Flag("pooling_mode_mean_tokens") ? BertPooling.Mean
            : config.Flag("pooling_mode_cls_token") ? BertPooling.First
            : throw config.Fault("has neither pooling_mode_mean_tokens nor pooling_mode_cls_token; others are not known");
    }
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
