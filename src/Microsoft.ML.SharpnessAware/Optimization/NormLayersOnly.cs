namespace Microsoft.ML.SharpnessAware;

/// <summary>The parameters of norm layers: perturbed alone, they make SAM-ON. Mueller et al. 2023, arXiv:2306.04226.</summary>
public sealed record NormLayersOnly : WeightFilter
{
    /// <inheritdoc/>
    public override bool Includes(WeightBlock block) => block.IsNorm;
}
