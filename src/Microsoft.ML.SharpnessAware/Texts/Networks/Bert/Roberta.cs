namespace Microsoft.ML.SharpnessAware;

/// <summary>RoBERTa. Liu et al. 2019, arXiv:1907.11692: BERT, with positions that count from beyond the padding's id, and a head of its own.</summary>
internal sealed class Roberta : BertArchitecture
{
    public override BertModelType Type => BertModelType.Roberta;

    public override string NameInFiles => "roberta";

    public override NamesInFiles Names => NamesInFiles.OfBert;

    public override int LongestText(int positions, int padId) => positions - padId - 1;

    public override Tensor PositionsOf(Tokens tokens) => tokens.PlacesAfterPadding();

    public override double AttentionOutputDropout(double hiddenDropout) => hiddenDropout;

    public override nn.Module<Tensor, Tensor> Head(int width, int classes, double dropout) => nn.Sequential(
        ("inputDropout", nn.Dropout(dropout)),
        ("dense", nn.Linear(width, width)),
        ("tanh", nn.Tanh()),
        ("dropout", nn.Dropout(dropout)),
        ("output", nn.Linear(width, classes)));

    protected override BertEncoder Read(ModelConfig config) => OriginalBert.Read(config, padId: 1);
}
