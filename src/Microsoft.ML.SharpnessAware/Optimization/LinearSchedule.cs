namespace Microsoft.ML.SharpnessAware;

/// <summary>It falls in a straight line.</summary>
/// <param name="EndFactor">What is left of it at the end; 0 by default.</param>
public sealed record LinearSchedule(double EndFactor = 0) : Schedule
{
    /// <summary>What is left of it at the end.</summary>
    public double EndFactor { get; init => field = Require.Fraction(value); } = Require.Fraction(EndFactor);

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => 1 - (1 - EndFactor) * Math.Clamp(epoch / epochs, 0, 1);
}
