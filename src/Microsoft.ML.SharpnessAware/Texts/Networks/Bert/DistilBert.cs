namespace Microsoft.ML.SharpnessAware;

/// <summary>DistilBERT. Sanh et al. 2019, arXiv:1910.01108: BERT without vectors for sentences, and a head of its own.</summary>
/// <remarks>As in the authors' code, nothing of what attention adds is left out in training.</remarks>
internal sealed class DistilBert : BertArchitecture
{
    public override BertModelType Type => BertModelType.DistilBert;

    public override string NameInFiles => "distilbert";

    public override NamesInFiles Names => NamesInFiles.OfDistilBert;

    public override int LongestText(int positions, int padId) => positions;

    public override Tensor PositionsOf(Tokens tokens) => tokens.Places();

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
