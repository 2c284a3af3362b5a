namespace Microsoft.ML.SharpnessAware;

/// <summary>What the layers of a transformer are like.</summary>
internal sealed record LayerSizes
{
    /// <summary>Numbers at each place of a text.</summary>
    public required int Width { get; init; }

    public required int Heads { get; init; }

    /// <summary>Numbers at each place inside of a feed-forward layer.</summary>
    public required int FeedForward { get; init; }

    public HiddenActivation Activation { get; init; } = HiddenActivation.Gelu;

    /// <summary>Share of what the feed-forward layer adds that is left out in training.</summary>
    public double Dropout { get; init; }

    /// <summary>The same for what attention adds.</summary>
    public double AttentionOutputDropout { get; init; }

    /// <summary>Share of the looks of attention that are left out in training.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Added to the variance by norm layers.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Whether norm layers stand before what they norm, instead of after the sum.</summary>
    public bool PreNorm { get; init; }

    public nn.Module<Tensor, Tensor> Norm() => nn.LayerNorm(Width, NormEpsilon);
}
