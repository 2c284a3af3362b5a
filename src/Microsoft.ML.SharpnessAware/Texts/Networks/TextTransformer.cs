namespace Microsoft.ML.SharpnessAware;

/// <summary>A transformer encoder from scratch, with learned positions. Vaswani et al. 2017, arXiv:1706.03762; embeddings and first weights as in BERT.</summary>
/// <param name="Layers">2 by default.</param>
/// <param name="Width">The width of the embeddings, a multiple of <paramref name="Heads"/>; 64 by default.</param>
/// <param name="Heads">Attention heads; 4 by default.</param>
/// <param name="FeedForward">The width of the feed-forward layers; 256 by default.</param>
/// <param name="Dropout">Dropout probability of embeddings, attention weights and layers' outputs; 0.1 by default.</param>
/// <param name="Pooling">How the vectors of the tokens are combined into one; their mean by default.</param>
/// <param name="PreNorm">Whether norm layers are before attention and feed-forward layers (the default, with which training is more stable) or after the sum, as first published.</param>
public sealed record TextTransformer(int Layers = 2, int Width = 64, int Heads = 4, int FeedForward = 256, double Dropout = 0.1, TextPooling Pooling = TextPooling.Mean, bool PreNorm = true) : TextNetwork
{
    const int Sentences = 2;

    /// <summary>2 layers of width 128. Turc et al. 2019, arXiv:1908.08962, BERT-Tiny.</summary>
    public static TextTransformer Tiny { get; } = new(Layers: 2, Width: 128, Heads: 2, FeedForward: 512);

    /// <summary>4 layers of width 512. Turc et al. 2019, BERT-Small.</summary>
    public static TextTransformer Small { get; } = new(Layers: 4, Width: 512, Heads: 8, FeedForward: 2048);

    /// <summary>12 layers of width 768. Devlin et al. 2019, arXiv:1810.04805, BERT-Base.</summary>
    public static TextTransformer Base { get; } = new(Layers: 12, Width: 768, Heads: 12, FeedForward: 3072);

    /// <summary>How many layers there are.</summary>
    public int Layers { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Layers);

    /// <summary>The width of the embeddings.</summary>
    public int Width { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Width);

    /// <summary>Attention heads.</summary>
    public int Heads { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Heads);

    /// <summary>The width of the feed-forward layers.</summary>
    public int FeedForward { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, FeedForward);

    /// <summary>Dropout probability of embeddings, attention weights and layers' outputs.</summary>
    public double Dropout { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Dropout);

    /// <summary>How the vectors of the tokens are combined into one.</summary>
    public TextPooling Pooling { get; init => field = Known(value); } = Known(Pooling);

    /// <summary>Whether norm layers are before attention and feed-forward layers, or after the sum.</summary>
    public bool PreNorm { get; init; } = PreNorm;

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(TextShape input, int classes)
    {
        var sizes = new LayerSizes
        {
            Width = Width,
            Heads = Heads,
            FeedForward = FeedForward,
            Dropout = Dropout,
            AttentionDropout = Dropout,
            AttentionOutputDropout = Dropout,
            PreNorm = PreNorm,
        };
        var embeddings = new TokenEmbeddings(input, input.MaxLength, TokenPositions.FromZero, Sentences, sizes);
        var head = nn.Sequential(("dropout", nn.Dropout(Dropout)), ("output", nn.Linear(Width, classes)));
        return new TransformerClassifier(embeddings, Layers, sizes, Pooling, head, input.PadId).WithNormalInitialization(input.PadId);
    }

    internal override double LeastWeights(TextShape input) => Width * ((double)input.Vocabulary + input.MaxLength + Layers * (4.0 * Width + 2.0 * FeedForward));

    internal override void Check(TextShape input)
    {
        if (Width % Heads != 0)
            throw new InvalidOperationException($"{this} cannot divide its Width among its Heads: make Width a multiple of {Heads}.");
    }

    static TextPooling Known(TextPooling value) => Require.That(Enum.IsDefined(value), value, "Mean or First", nameof(Pooling));
}

/// <summary>How the vectors of the tokens of a text are combined into one.</summary>
public enum TextPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>That of the first token.</summary>
    First,
}
