namespace Microsoft.ML.SharpnessAware;

/// <summary>In what BERT and its relatives differ.</summary>
internal abstract class BertArchitecture
{
    static readonly BertArchitecture[] All = [new OriginalBert(), new DistilBert(), new Roberta()];

    public static BertArchitecture Of(BertModelType type) => All.Single(architecture => architecture.Type == type);

    /// <summary>The network that a config describes, without its weights.</summary>
    /// <exception cref="InvalidOperationException">It describes none that is known.</exception>
    public static BertEncoder Describe(ModelConfig config)
    {
        var named = config.Text("model_type");
        var known = All.FirstOrDefault(architecture => architecture.NameInFiles == named)
            ?? throw config.Fault($"has the model_type '{named}', which is not known; known are {string.Join(", ", All.Select(architecture => architecture.NameInFiles))}");
        try
        {
            return known.Read(config) with { ModelType = known.Type };
        }
        catch (ArgumentOutOfRangeException outOfRange)
        {
            throw config.Fault($"describes no network: {outOfRange.Message.Split('.')[0]}");
        }
    }

    public abstract BertModelType Type { get; }

    /// <summary>The model_type of config.json.</summary>
    public abstract string NameInFiles { get; }

    public abstract NamesInFiles Names { get; }

    /// <summary>The most tokens that a text may have.</summary>
    public abstract int LongestText(int positions, int padId);

    /// <summary>The rows of the table of positions.</summary>
    public abstract TokenPositions Positions { get; }

    /// <summary>The dropout probability of what attention adds.</summary>
    public abstract double AttentionOutputDropout(double hiddenDropout);

    /// <summary>What turns the first token's vector into logits.</summary>
    public abstract nn.Module<Tensor, Tensor> Head(int width, int classes, double dropout);

    protected abstract BertEncoder Read(ModelConfig config);
}

/// <summary>DistilBERT. Sanh et al. 2019, arXiv:1910.01108: BERT without vectors for sentences, and a head of its own.</summary>
/// <remarks>As in the authors' code, nothing of what attention adds is left out in training.</remarks>
internal sealed class DistilBert : BertArchitecture
{
    public override BertModelType Type => BertModelType.DistilBert;

    public override string NameInFiles => "distilbert";

    public override NamesInFiles Names => NamesInFiles.OfDistilBert;

    public override int LongestText(int positions, int padId) => positions;

    public override TokenPositions Positions => TokenPositions.FromZero;

    public override double AttentionOutputDropout(double hiddenDropout) => 0;

    public override nn.Module<Tensor, Tensor> Head(int width, int classes, double dropout) => nn.Sequential(
        ("dense", nn.Linear(width, width)),
        ("relu", nn.ReLU()),
        ("dropout", nn.Dropout(dropout)),
        ("output", nn.Linear(width, classes)));

    protected override BertEncoder Read(ModelConfig config) => new()
    {
        Layers = config.Integer("n_layers"),
        HiddenSize = config.Integer("dim"),
        Heads = config.Integer("n_heads"),
        IntermediateSize = config.Integer("hidden_dim"),
        Activation = config.Activation("activation"),
        MaxPositions = config.Integer("max_position_embeddings"),
        TypeVocabulary = 0,
        LayerNormEpsilon = 1e-12,
        HiddenDropout = config.Real("dropout", 0.1),
        AttentionDropout = config.Real("attention_dropout", 0.1),
        HeadDropout = config.Real("seq_classif_dropout", 0.2),
        Vocabulary = config.Integer("vocab_size"),
        PadId = config.Integer("pad_token_id", 0),
    };
}

/// <summary>BERT. Devlin et al. 2019, arXiv:1810.04805; the head begins with the trained "pooler".</summary>
internal sealed class OriginalBert : BertArchitecture
{
    public override BertModelType Type => BertModelType.Bert;

    public override string NameInFiles => "bert";

    public override NamesInFiles Names => NamesInFiles.OfBert with { Head = [("head.dense", "pooler.dense")] };

    public override int LongestText(int positions, int padId) => positions;

    public override TokenPositions Positions => TokenPositions.FromZero;

    public override double AttentionOutputDropout(double hiddenDropout) => hiddenDropout;

    public override nn.Module<Tensor, Tensor> Head(int width, int classes, double dropout) => nn.Sequential(
        ("dense", nn.Linear(width, width)),
        ("tanh", nn.Tanh()),
        ("dropout", nn.Dropout(dropout)),
        ("output", nn.Linear(width, classes)));

    protected override BertEncoder Read(ModelConfig config) => Read(config, padId: 0);

    /// <summary>What RoBERTa's configs call the same.</summary>
    public static BertEncoder Read(ModelConfig config, int padId)
    {
        config.Expect("position_embedding_type", "absolute");
        var dropout = config.Real("hidden_dropout_prob", 0.1);
        return new()
        {
            Layers = config.Integer("num_hidden_layers"),
            HiddenSize = config.Integer("hidden_size"),
            Heads = config.Integer("num_attention_heads"),
            IntermediateSize = config.Integer("intermediate_size"),
            Activation = config.Activation("hidden_act"),
            MaxPositions = config.Integer("max_position_embeddings"),
            TypeVocabulary = config.Integer("type_vocab_size", 2),
            LayerNormEpsilon = config.Real("layer_norm_eps", 1e-12),
            HiddenDropout = dropout,
            AttentionDropout = config.Real("attention_probs_dropout_prob", 0.1),
            HeadDropout = config.Real("classifier_dropout", dropout),
            Vocabulary = config.Integer("vocab_size"),
            PadId = config.Integer("pad_token_id", padId),
        };
    }
}

/// <summary>RoBERTa. Liu et al. 2019, arXiv:1907.11692: BERT, with positions that count from beyond the padding's id, and a head of its own.</summary>
internal sealed class Roberta : BertArchitecture
{
    public override BertModelType Type => BertModelType.Roberta;

    public override string NameInFiles => "roberta";

    public override NamesInFiles Names => NamesInFiles.OfBert;

    public override int LongestText(int positions, int padId) => positions - padId - 1;

    public override TokenPositions Positions => TokenPositions.AfterPadding;

    public override double AttentionOutputDropout(double hiddenDropout) => hiddenDropout;

    public override nn.Module<Tensor, Tensor> Head(int width, int classes, double dropout) => nn.Sequential(
        ("inputDropout", nn.Dropout(dropout)),
        ("dense", nn.Linear(width, width)),
        ("tanh", nn.Tanh()),
        ("dropout", nn.Dropout(dropout)),
        ("output", nn.Linear(width, classes)));

    protected override BertEncoder Read(ModelConfig config) => OriginalBert.Read(config, padId: 1);
}
