namespace Microsoft.ML.SharpnessAware;

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
