namespace Microsoft.ML.SharpnessAware;

/// <summary>Every parameter.</summary>
public sealed record AllWeights : WeightFilter
{
    /// <inheritdoc/>
    public override bool Includes(WeightBlock block) => true;
}
