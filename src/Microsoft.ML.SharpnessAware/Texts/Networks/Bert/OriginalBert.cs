namespace Microsoft.ML.SharpnessAware;

/// <summary>BERT. Devlin et al. 2019, arXiv:1810.04805; the head begins with the trained "pooler".</summary>
internal sealed class OriginalBert : BertArchitecture
{
    public override BertModelType Type => BertModelType.Bert;

    public override string NameInFiles => "bert";

    public override NamesInFiles Names => NamesInFiles.OfBert with { Head = [("head.dense", "pooler.dense")] };

    public override int LongestText(int positions, int padId) => positions;

    public override Tensor PositionsOf(Tokens tokens) => tokens.Places();

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
