namespace Microsoft.ML.SharpnessAware;

/// <summary>It stays as it is.</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => 1;
}
