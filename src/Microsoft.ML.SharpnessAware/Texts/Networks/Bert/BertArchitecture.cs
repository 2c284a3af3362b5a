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

    /// <summary>The row of the table of positions for each token, [L] or [N, L].</summary>
    public abstract Tensor PositionsOf(Tokens tokens);

    /// <summary>The share of what attention adds that is left out in training.</summary>
    public abstract double AttentionOutputDropout(double hiddenDropout);

    /// <summary>What turns the first token's vector into logits.</summary>
    public abstract nn.Module<Tensor, Tensor> Head(int width, int classes, double dropout);

    protected abstract BertEncoder Read(ModelConfig config);
}
