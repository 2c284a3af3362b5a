namespace Microsoft.ML.SharpnessAware;

/// <summary>All but the parameters of norm layers.</summary>
public sealed record NoNormLayers : WeightFilter
{
    /// <inheritdoc/>
    public override bool Includes(WeightBlock block) => !block.IsNorm;
}
