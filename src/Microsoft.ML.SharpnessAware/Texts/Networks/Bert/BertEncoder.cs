namespace Microsoft.ML.SharpnessAware;

/// <summary>BERT and its relatives, with a new head that classifies: from a folder as it is downloaded, or from scratch. The defaults are those of BERT-Base.</summary>
public sealed record BertEncoder : TextNetwork
{
    /// <summary>The architecture; BERT by default.</summary>
    public BertModelType ModelType { get; init => field = Require.That(Enum.IsDefined(value), value, "Bert, Roberta or DistilBert"); }

    /// <summary>How many layers there are; 12 by default.</summary>
    public int Layers { get; init => field = Require.AtLeast(1, value); } = 12;

    /// <summary>Numbers for each token, a multiple of <see cref="Heads"/>; 768 by default.</summary>
    public int HiddenSize { get; init => field = Require.AtLeast(1, value); } = 768;

    /// <summary>Attention heads; 12 by default.</summary>
    public int Heads { get; init => field = Require.AtLeast(1, value); } = 12;

    /// <summary>Numbers for each token inside of a feed-forward layer; 3072 by default.</summary>
    public int IntermediateSize { get; init => field = Require.AtLeast(1, value); } = 3072;

    /// <summary>What feed-forward layers pass on; GELU by default.</summary>
    public HiddenActivation Activation { get; init => field = Require.That(Enum.IsDefined(value), value, "Gelu, GeluTanh or Relu"); }

    /// <summary>Rows of the table of positions; 512 by default. RoBERTa has no token in the first <see cref="PadId"/> + 1.</summary>
    public int MaxPositions { get; init => field = Require.AtLeast(1, value); } = 512;

    /// <summary>How many sentences are told apart; 0: none, and no vector says which. 2 by default.</summary>
    public int TypeVocabulary { get; init => field = Require.AtLeast(0, value); } = 2;

    /// <summary>Added to the variance by norm layers; 1e-12 by default.</summary>
    public double LayerNormEpsilon { get; init => field = Require.Positive(value); } = 1e-12;

    /// <summary>Dropout probability of embeddings and layers' outputs; 0.1 by default.</summary>
    public double HiddenDropout { get; init => field = Require.BelowOne(value); } = 0.1;

    /// <summary>Dropout probability of attention weights; 0.1 by default.</summary>
    public double AttentionDropout { get; init => field = Require.BelowOne(value); } = 0.1;

    /// <summary>Dropout probability of the head's inputs; 0.1 by default.</summary>
    public double HeadDropout { get; init => field = Require.BelowOne(value); } = 0.1;

    /// <summary>Rows of the table of tokens, which the tokenizer must have as many ids for; null, the default, for as many as it has.</summary>
    public int? Vocabulary { get; init => field = value is { } rows ? Require.AtLeast(1, rows, nameof(Vocabulary)) : null; }

    /// <summary>The id of padding, which must be the tokenizer's; null, the default, for whatever that is.</summary>
    public int? PadId { get; init => field = value is { } id ? Require.AtLeast(0, id, nameof(PadId)) : null; }

    /// <summary>The folder that holds trained weights; null, the default, for fresh ones.</summary>
    public string? Folder { get; init; }

    /// <summary>How many of the layers keep their weights, counted from the embeddings, which then keep theirs too; 0, the default, for none.</summary>
    public int FrozenLayers { get; init => field = Require.AtLeast(0, value); }

    /// <summary>What the learning rate is multiplied by from each layer to the one below, the embeddings being the lowest; 1, the default, for the same everywhere. 0.95 in Sun et al. 2019, arXiv:1905.05583.</summary>
    public double LayerDecay { get; init => field = Require.That(value is > 0 and <= 1, value, "more than 0 and at most 1"); } = 1;

    /// <summary>The network that a folder holds: config.json and model.safetensors of BERT, RoBERTa, DistilBERT or MiniLM, with the names that the Hugging Face Hub has. The weights are read by <see cref="TextNetwork.Build"/>.</summary>
    /// <exception cref="InvalidOperationException">The folder holds no such model.</exception>
    public static BertEncoder FromFolder(string folder)
    {
        var path = Path.GetFullPath(Require.NotNull(folder));
        var config = ModelConfig.Read(path);
        TrainedWeights.CheckExist(path);
        return BertArchitecture.Describe(config) with { Folder = path };
    }

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(TextShape input, int classes)
    {
        var network = CreateFresh(input, classes);
        try
        {
            if (Folder is not null)
                TrainedWeights.ReadInto(network.state_dict(), Folder, Architecture.Names, Layers);
            network.Freeze(FrozenLayers);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    internal override TextNetwork WithoutFiles => this with { Folder = null };

    internal override IReadOnlyList<LayerRate> LayerRates => LayerDecay == 1
        ? []
        : [new LayerRate(TransformerClassifier.EmbeddingsPattern, Math.Pow(LayerDecay, Layers)),
            .. Enumerable.Range(0, Layers - 1).Select(layer => new LayerRate(TransformerClassifier.LayerPattern(layer), Math.Pow(LayerDecay, Layers - 1 - layer)))];

    internal override void Check(TextShape input)
    {
        if (HiddenSize % Heads != 0)
            throw new InvalidOperationException($"HiddenSize {HiddenSize} cannot be divided among {Heads} Heads: make it a multiple of them.");
        if (FrozenLayers > Layers)
            throw new InvalidOperationException($"FrozenLayers is {FrozenLayers}, but there are {Layers} Layers only.");
        if (Vocabulary is { } rows && rows != input.Vocabulary)
            throw new InvalidOperationException($"The tokenizer's vocabulary has {input.Vocabulary} ids, but the table of tokens in {Place} has {rows} rows. Let Tokenizer read the vocabulary files that came with the model.");
        if (PadId is { } pad && pad != input.PadId)
            throw new InvalidOperationException($"The tokenizer pads with the id {input.PadId}, but {Place} with {pad}. Let Tokenizer read the vocabulary files that came with the model.");
        var longest = Architecture.LongestText(MaxPositions, input.PadId);
        if (input.MaxLength > longest)
            throw new InvalidOperationException($"Texts may have {input.MaxLength} tokens, but {Place} has positions for {longest} only. Set MaxLength to {longest} or less.");
    }

    TransformerClassifier CreateFresh(TextShape input, int classes)
    {
        var sizes = new LayerSizes
        {
            Width = HiddenSize,
            Heads = Heads,
            FeedForward = IntermediateSize,
            Activation = Activation,
            Dropout = HiddenDropout,
            AttentionDropout = AttentionDropout,
            AttentionOutputDropout = Architecture.AttentionOutputDropout(HiddenDropout),
            NormEpsilon = LayerNormEpsilon,
        };
        var embeddings = new TokenEmbeddings(input, MaxPositions, Architecture.Positions, TypeVocabulary, sizes);
        var head = Architecture.Head(HiddenSize, classes, HeadDropout);
        return new TransformerClassifier(embeddings, Layers, sizes, TextPooling.First, head, input.PadId).WithNormalInitialization(input.PadId);
    }

    BertArchitecture Architecture => BertArchitecture.Of(ModelType);

    string Place => Folder is null ? "the network" : $"the model of '{Folder}'";
}

/// <summary>The architectures that a <see cref="BertEncoder"/> can have: "model_type" in config.json.</summary>
public enum BertModelType
{
    /// <summary>BERT, and what was distilled into the same form, such as MiniLM. Devlin et al. 2019, arXiv:1810.04805.</summary>
    Bert,

    /// <summary>RoBERTa. Liu et al. 2019, arXiv:1907.11692.</summary>
    Roberta,

    /// <summary>DistilBERT. Sanh et al. 2019, arXiv:1910.01108.</summary>
    DistilBert,
}
