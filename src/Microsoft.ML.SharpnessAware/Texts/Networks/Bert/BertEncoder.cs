using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>BERT and its relatives, with a new classification head: from a downloaded folder, from an ONNX file, or from scratch. The defaults are those of BERT-Base.</summary>
public sealed record BertEncoder : TextNetwork
{
    /// <summary>The architecture; BERT by default.</summary>
    public BertModelType ModelType { get; init => field = Require.That(Enum.IsDefined(value), value, "Bert, Roberta or DistilBert"); }

    /// <summary>How many layers there are; 12 by default.</summary>
    public int Layers { get; init => field = Require.AtLeast(1, value); } = 12;

    /// <summary>The width of the embeddings, a multiple of <see cref="Heads"/>; 768 by default.</summary>
    public int HiddenSize { get; init => field = Require.AtLeast(1, value); } = 768;

    /// <summary>Attention heads; 12 by default.</summary>
    public int Heads { get; init => field = Require.AtLeast(1, value); } = 12;

    /// <summary>The width of the feed-forward layers; 3072 by default.</summary>
    public int IntermediateSize { get; init => field = Require.AtLeast(1, value); } = 3072;

    /// <summary>The activation of feed-forward layers; GELU by default.</summary>
    public HiddenActivation Activation { get; init => field = Require.That(Enum.IsDefined(value), value, "Gelu, GeluTanh or Relu"); }

    /// <summary>The number of position embeddings; 512 by default. RoBERTa does not use the first <see cref="PadId"/> + 1.</summary>
    public int MaxPositions { get; init => field = Require.AtLeast(1, value); } = 512;

    /// <summary>The number of sentence embeddings; 0 for none. 2 by default.</summary>
    public int TypeVocabulary { get; init => field = Require.AtLeast(0, value); } = 2;

    /// <summary>Added to the variance by norm layers; 1e-12 by default.</summary>
    public double LayerNormEpsilon { get; init => field = Require.Positive(value); } = 1e-12;

    /// <summary>Dropout probability of embeddings and layers' outputs; 0.1 by default.</summary>
    public double HiddenDropout { get; init => field = Require.BelowOne(value); } = 0.1;

    /// <summary>Dropout probability of attention weights; 0.1 by default.</summary>
    public double AttentionDropout { get; init => field = Require.BelowOne(value); } = 0.1;

    /// <summary>Dropout probability of the head's inputs; 0.1 by default.</summary>
    public double HeadDropout { get; init => field = Require.BelowOne(value); } = 0.1;

    /// <summary>The number of token embeddings, which must be the number of ids of the tokenizer; null, the default, for that number.</summary>
    public int? Vocabulary { get; init => field = value is { } rows ? Require.AtLeast(1, rows, nameof(Vocabulary)) : null; }

    /// <summary>The id of padding, which must be that of the tokenizer; null, the default, for that one.</summary>
    public int? PadId { get; init => field = value is { } id ? Require.AtLeast(0, id, nameof(PadId)) : null; }

    /// <summary>How the vectors of the tokens of a text are combined into the one that the head classifies, which is also the embedding; <see cref="BertPooling.Pooler"/> by default.</summary>
    public BertPooling Pooling { get; init => field = Require.That(Enum.IsDefined(value), value, "Pooler, Mean or First"); }

    /// <summary>The folder that holds trained weights; null, the default, for none.</summary>
    public string? Folder { get; init; }

    /// <summary>The ONNX file that holds trained weights; null, the default, for none.</summary>
    public string? OnnxFile { get; init; }

    /// <summary>What was read from a stream that holds trained weights.</summary>
    internal OnnxContent? OnnxContent { get; init; }

    /// <summary>Whether to compare the network, after it has read trained weights from an ONNX file, with what ONNX Runtime computes from the file for two texts of random ids; false by default. The application has to reference the package Microsoft.ML.OnnxRuntime.</summary>
    /// <remarks>The vectors of all tokens after the last layer have to agree within 10⁻⁴ of the largest number; the log says how far they do, and if they do not, <see cref="TextNetwork.Build(TextShape, int)"/> throws.</remarks>
    [JsonIgnore]
    public bool VerifyWeights { get; init; }

    /// <summary>The vocabulary that the weights were trained with.</summary>
    internal override TextTokenizer? OwnTokenizer => Tokenizer;

    TextTokenizer? Tokenizer { get; init; }

    /// <summary>How many layers are not trained, counted from the embeddings, which are then not trained either; 0, the default, for none.</summary>
    public int FrozenLayers { get; init => field = Require.AtLeast(0, value); }

    /// <summary>The factor of the learning rate from each layer to the one below, the embeddings being the lowest; 1, the default, for the same rate everywhere. 0.95 in Sun et al. 2019, arXiv:1905.05583.</summary>
    public double LayerDecay { get; init => field = Require.That(value is > 0 and <= 1, value, "more than 0 and at most 1"); } = 1;

    /// <summary>
    /// The network in a folder: config.json, and model.safetensors or model.onnx, of BERT, RoBERTa, DistilBERT or MiniLM, with the names of the Hugging Face Hub; and its
    /// vocabulary, if its files are there. Pooling is read from 1_Pooling/config.json, or else it is <see cref="BertPooling.Pooler"/>. The weights are read by <see cref="TextNetwork.Build(TextShape, int)"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The folder contains no such model.</exception>
    public static BertEncoder FromFolder(string folder)
    {
        var path = Path.GetFullPath(Require.NotNull(folder));
        if (File.Exists(path))
            throw new InvalidOperationException($"'{path}' is a file, and not a folder with a config.json. {(Path.GetExtension(path) == ".onnx" ? "Read an ONNX file by BertEncoder.FromOnnx, with its vocabulary" : "Give the folder into which the whole model was downloaded")}.");
        var config = ModelConfig.Read(path);
        new BertFolderWeights(path).CheckExist();
        return BertArchitecture.Describe(config) with { Folder = path, Pooling = PoolingConfig.In(path) ?? BertPooling.Pooler, Tokenizer = TokenizerFolder.Known(path) };
    }

    /// <summary>The network in an ONNX file, as PyTorch exports a BERT, MiniLM or DistilBERT, and the vocabulary that it was trained with. The weights are read by <see cref="TextNetwork.Build(TextShape, int)"/>.</summary>
    /// <param name="modelPath">The ONNX file, with opset 8 to 21.</param>
    /// <param name="vocabularyPath">vocab.txt, a token in each line.</param>
    /// <param name="pooling">The pooling that the weights were trained with; the mean by default, as for most sentence embeddings.</param>
    /// <param name="lowerCase">Whether the vocabulary has lower-case letters only; true by default.</param>
    /// <exception cref="InvalidOperationException">A file is missing or cannot be read, or the ONNX file contains no such network.</exception>
    public static BertEncoder FromOnnx(string modelPath, string vocabularyPath, BertPooling pooling = BertPooling.Mean, bool lowerCase = true)
    {
        var path = Path.GetFullPath(Require.NotNull(modelPath));
        return From(new BertOnnxWeights(path, Content: null), VocabularyIn(Require.NotNull(vocabularyPath), lowerCase)) with { OnnxFile = path, Pooling = pooling };
    }

    /// <summary>The same from streams, such as embedded resources of a package. Both are read to their end and stay open; the network keeps the content of the first in memory.</summary>
    /// <inheritdoc cref="FromOnnx(string, string, BertPooling, bool)" path="/exception"/>
    /// <param name="model">An ONNX file, with opset 8 to 21.</param>
    /// <param name="vocabulary">vocab.txt, a token in each line.</param>
    /// <param name="pooling">The pooling that the weights were trained with; the mean by default, as for most sentence embeddings.</param>
    /// <param name="lowerCase">Whether the vocabulary has lower-case letters only; true by default.</param>
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

    internal override TextNetwork WithoutFiles => this with { Weights = null, Folder = null, OnnxFile = null, OnnxContent = null, VerifyWeights = false, Tokenizer = null };

    private protected override TextNetwork WithContents(Func<string, string> contentOf) => this with
    {
        Weights = Weights is null ? null : contentOf(Weights),
        Folder = Folder is null ? null : contentOf(new BertFolderWeights(Folder).File),
        OnnxFile = OnnxFile is not null ? contentOf(OnnxFile) : OnnxContent?.Digest,
        OnnxContent = null,
        Tokenizer = null,
    };

    private protected override void Verify(nn.Module<Tensor, Tensor> network, TextShape input, Action<string> log)
    {
        if (!VerifyWeights)
            return;
        if (Trained is not { } weights)
            throw new InvalidOperationException("VerifyWeights is set, but the network starts from fresh weights. Describe it by FromOnnx or FromFolder, or set VerifyWeights to false.");
        log(weights.Understood(() => BertVerification.Of(weights.Onnx(), (TransformerClassifier)network, input, TypeVocabulary, HiddenSize)));
    }

    BertWeights? Trained => Folder is not null ? new BertFolderWeights(Folder) : OnnxFile is not null || OnnxContent is not null ? new BertOnnxWeights(OnnxFile, OnnxContent) : null;

    internal override IReadOnlyList<LayerRate> LayerRates => LayerDecay == 1
        ? []
        : [new LayerRate(TransformerClassifier.EmbeddingsPattern, Math.Pow(LayerDecay, Layers)),
            .. Enumerable.Range(0, Layers - 1).Select(layer => new LayerRate(TransformerClassifier.LayerPattern(layer), Math.Pow(LayerDecay, Layers - 1 - layer)))];

    internal override double LeastWeights(TextShape input) => HiddenSize * ((double)input.Vocabulary + MaxPositions + TypeVocabulary + Layers * (4.0 * HiddenSize + 2.0 * IntermediateSize));

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

/// <summary>How the vectors of the tokens of a text are combined into one in a <see cref="BertEncoder"/>.</summary>
public enum BertPooling
{
    /// <summary>The first token after the pooling layer of the architecture: a linear layer and a tanh for BERT and RoBERTa, a linear layer and a ReLU for DistilBERT. For weights that were trained to classify.</summary>
    Pooler,

    /// <summary>The mean of all tokens, as in most sentence embeddings.</summary>
    Mean,

    /// <summary>The first token, [CLS].</summary>
    First,
}

/// <summary>The architectures that a <see cref="BertEncoder"/> can have: "model_type" in config.json.</summary>
public enum BertModelType
{
    /// <summary>BERT, and distilled networks of the same architecture, such as MiniLM. Devlin et al. 2019, arXiv:1810.04805.</summary>
    Bert,

    /// <summary>RoBERTa. Liu et al. 2019, arXiv:1907.11692.</summary>
    Roberta,

    /// <summary>DistilBERT. Sanh et al. 2019, arXiv:1910.01108.</summary>
    DistilBert,
}
