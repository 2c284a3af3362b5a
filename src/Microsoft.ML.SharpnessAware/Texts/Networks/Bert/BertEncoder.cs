namespace Microsoft.ML.SharpnessAware;

/// <summary>BERT and its relatives, with a new head that classifies: from a folder as it is downloaded, from an ONNX file, or from scratch. The defaults are those of BERT-Base.</summary>
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

    /// <summary>How the vectors of a text's tokens become the one that the head classifies, and that is the embedding; <see cref="BertPooling.Pooler"/> by default.</summary>
    public BertPooling Pooling { get; init => field = Require.That(Enum.IsDefined(value), value, "Pooler, Mean or First"); }

    /// <summary>The folder that holds trained weights; null, the default, for none.</summary>
    public string? Folder { get; init; }

    /// <summary>The ONNX file that holds trained weights; null, the default, for none.</summary>
    public string? OnnxFile { get; init; }

    /// <summary>What was read from a stream that holds trained weights.</summary>
    internal OnnxContent? OnnxContent { get; init; }

    /// <summary>The vocabulary that the weights were trained with.</summary>
    internal override TextTokenizer? OwnTokenizer => Tokenizer;

    TextTokenizer? Tokenizer { get; init; }

    /// <summary>How many of the layers keep their weights, counted from the embeddings, which then keep theirs too; 0, the default, for none.</summary>
    public int FrozenLayers { get; init => field = Require.AtLeast(0, value); }

    /// <summary>What the learning rate is multiplied by from each layer to the one below, the embeddings being the lowest; 1, the default, for the same everywhere. 0.95 in Sun et al. 2019, arXiv:1905.05583.</summary>
    public double LayerDecay { get; init => field = Require.That(value is > 0 and <= 1, value, "more than 0 and at most 1"); } = 1;

    /// <summary>
    /// The network that a folder holds: config.json, and model.safetensors or model.onnx, of BERT, RoBERTa, DistilBERT or MiniLM, with the names that the Hugging Face Hub has; and its
    /// vocabulary, where the files of one are there. Pooling is as 1_Pooling/config.json says, or else <see cref="BertPooling.Pooler"/>. The weights are read by <see cref="TextNetwork.Build(TextShape, int)"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The folder holds no such model.</exception>
    public static BertEncoder FromFolder(string folder)
    {
        var path = Path.GetFullPath(Require.NotNull(folder));
        if (File.Exists(path))
            throw new InvalidOperationException($"'{path}' is a file, and not a folder with a config.json. {(Path.GetExtension(path) == ".onnx" ? "Read an ONNX file by BertEncoder.FromOnnx, with its vocabulary" : "Give the folder into which the whole model was downloaded")}.");
        var config = ModelConfig.Read(path);
        new BertFolderWeights(path).CheckExist();
        return BertArchitecture.Describe(config) with { Folder = path, Pooling = PoolingConfig.In(path) ?? BertPooling.Pooler, Tokenizer = TokenizerFolder.Known(path) };
    }

    /// <summary>The network that an ONNX file holds, as PyTorch exports a BERT, MiniLM or DistilBERT, and the vocabulary that it was trained with. The weights are read by <see cref="TextNetwork.Build(TextShape, int)"/>.</summary>
    /// <param name="modelPath">The ONNX file, with opset 8 to 21.</param>
    /// <param name="vocabularyPath">vocab.txt, a token in each line.</param>
    /// <param name="pooling">What the weights were trained with; the mean by default, as most embeddings of sentences have it.</param>
    /// <param name="lowerCase">Whether the vocabulary has small letters only; true by default.</param>
    /// <exception cref="InvalidOperationException">A file is missing or cannot be read, or the ONNX file holds no such network.</exception>
    public static BertEncoder FromOnnx(string modelPath, string vocabularyPath, BertPooling pooling = BertPooling.Mean, bool lowerCase = true)
    {
        var path = Path.GetFullPath(Require.NotNull(modelPath));
        return From(new BertOnnxWeights(path, Content: null), VocabularyIn(Require.NotNull(vocabularyPath), lowerCase)) with { OnnxFile = path, Pooling = pooling };
    }

    /// <summary>The same from streams, such as those of resources that a package embeds in its assembly. Both are read to their end and stay open; the network keeps what the first holds in memory.</summary>
    /// <inheritdoc cref="FromOnnx(string, string, BertPooling, bool)" path="/exception"/>
    /// <param name="model">An ONNX file, with opset 8 to 21.</param>
    /// <param name="vocabulary">vocab.txt, a token in each line.</param>
    /// <param name="pooling">What the weights were trained with; the mean by default, as most embeddings of sentences have it.</param>
    /// <param name="lowerCase">Whether the vocabulary has small letters only; true by default.</param>
    public static BertEncoder FromOnnx(Stream model, Stream vocabulary, BertPooling pooling = BertPooling.Mean, bool lowerCase = true)
    {
        using var bytes = new MemoryStream();
        Require.NotNull(model).CopyTo(bytes);
        var content = new OnnxContent(bytes.ToArray());
        using var lines = new StreamReader(Require.NotNull(vocabulary), leaveOpen: true);
        return From(new BertOnnxWeights(Path: null, content), new WordPieceVocabulary(Folder: "", lowerCase) { Lines = VocabularyLines.Read(lines) }) with { OnnxContent = content, Pooling = pooling };
    }

    static BertEncoder From(BertOnnxWeights weights, WordPieceVocabulary vocabulary) => BertOnnx.Describe(weights) with { Tokenizer = vocabulary };

    static WordPieceVocabulary VocabularyIn(string path, bool lowerCase)
    {
        if (!File.Exists(path))
            throw new InvalidOperationException($"There is no file '{path}' to read the vocabulary from. Give the vocab.txt that the network was trained with.");
        using var lines = new StreamReader(path);
        return new WordPieceVocabulary(Folder: "", lowerCase) { Lines = VocabularyLines.Read(lines) };
    }

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(TextShape input, int classes)
    {
        var network = CreateFresh(input, classes);
        try
        {
            Trained?.ReadInto(network.state_dict(), Pooling == BertPooling.Pooler ? Architecture.Names : Architecture.Names with { Head = [] }, Layers);
            network.Freeze(FrozenLayers);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    internal override TextNetwork WithoutFiles => this with { Weights = null, Folder = null, OnnxFile = null, OnnxContent = null, Tokenizer = null };

    private protected override TextNetwork WithContents(Func<string, string> contentOf) => this with
    {
        Weights = Weights is null ? null : contentOf(Weights),
        Folder = Folder is null ? null : contentOf(new BertFolderWeights(Folder).File),
        OnnxFile = OnnxFile is not null ? contentOf(OnnxFile) : OnnxContent?.Digest,
        OnnxContent = null,
        Tokenizer = null,
    };

    BertWeights? Trained => Folder is not null ? new BertFolderWeights(Folder) : OnnxFile is not null || OnnxContent is not null ? new BertOnnxWeights(OnnxFile, OnnxContent) : null;

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
        var head = Pooling == BertPooling.Pooler ? Architecture.Head(HiddenSize, classes, HeadDropout) : nn.Sequential(("dropout", nn.Dropout(HeadDropout)), ("output", nn.Linear(HiddenSize, classes)));
        return new TransformerClassifier(embeddings, Layers, sizes, Pooling == BertPooling.Mean ? TextPooling.Mean : TextPooling.First, head, input.PadId).WithNormalInitialization(input.PadId);
    }

    BertArchitecture Architecture => BertArchitecture.Of(ModelType);

    string Place => Folder is not null ? $"the model of '{Folder}'" : OnnxFile is not null ? $"the model of '{OnnxFile}'" : "the network";
}

/// <summary>How the vectors of a text's tokens become one in a <see cref="BertEncoder"/>.</summary>
public enum BertPooling
{
    /// <summary>What the architecture's own head makes of the first token: a linear layer and a tanh for BERT and RoBERTa, a linear layer and a ReLU for DistilBERT. For weights that were trained, or are to be, to classify.</summary>
    Pooler,

    /// <summary>The mean of all tokens, as in most embeddings of sentences.</summary>
    Mean,

    /// <summary>The first token, [CLS].</summary>
    First,
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
