namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// A radius that follows the learning rate η, as GSAM has it: ρ = ρ_min + (ρ_max − ρ_min) (η − η_min) / (η_max − η_min).
/// Zhuang et al. 2022, arXiv:2203.08065.
/// </summary>
/// <remarks>Where the learning rate is below η_min, as in a warm-up, the radius is ρ_min.</remarks>
/// <param name="To">The learning rate's schedule; <see cref="CosineSchedule"/> by default, as for the learning rate itself.</param>
/// <param name="EndFactor">ρ_min / ρ_max; 0 by default.</param>
/// <param name="LeastFactor">η_min / η_max, the least factor of the learning rate's schedule; 0 by default.</param>
public sealed record TiedSchedule(Schedule? To = null, double EndFactor = 0, double LeastFactor = 0) : Schedule
{
    /// <summary>The learning rate's schedule.</summary>
    public Schedule To { get; init => field = Require.NotNull(value); } = To ?? new CosineSchedule();

    /// <summary>ρ_min / ρ_max: what is left of the radius where the learning rate is least.</summary>
    public double EndFactor { get; init => field = Require.Fraction(value); } = Require.Fraction(EndFactor);

    /// <summary>η_min / η_max: the least factor of the learning rate's schedule.</summary>
    public double LeastFactor { get; init => field = Require.LessThanOne(value); } = Require.LessThanOne(LeastFactor);

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs)
    {
        var above = Math.Max(0, To.FactorAt(epoch, epochs) - LeastFactor);
        return EndFactor + (1 - EndFactor) * above / (1 - LeastFactor);
    }
}
