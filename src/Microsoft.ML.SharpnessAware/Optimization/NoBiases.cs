namespace Microsoft.ML.SharpnessAware;

/// <summary>All but the parameters whose name's last part contains "bias".</summary>
public sealed record NoBiases : WeightFilter
{
    /// <inheritdoc/>
    public override bool Includes(WeightBlock block) => !block.IsBias;
}
