namespace Microsoft.ML.SharpnessAware;

/// <summary>RST, or SS-SAM: applies another rule in randomly chosen steps, and plain training, with one pass, in the others. Zhao et al. 2022, arXiv:2203.09962.</summary>
/// <param name="Inner">The rule of the chosen steps; <see cref="Sam"/> by default.</param>
/// <param name="Probability">The probability that a step is chosen, before the schedule; 0.5 by default.</param>
/// <param name="Schedule">What the probability is multiplied by over the run; <see cref="ConstantSchedule"/> by default.</param>
public sealed record RandomizedSam(SharpnessRule? Inner = null, double Probability = 0.5, Schedule? Schedule = null) : SharpnessRule
{
    /// <summary>The rule of the chosen steps.</summary>
    public SharpnessRule Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>The probability that a step is chosen, before the schedule.</summary>
    public double Probability { get; init => field = Require.Probability(value); } = Require.Probability(Probability);

    /// <summary>What the probability is multiplied by over the run.</summary>
    public Schedule Schedule { get; init => field = Require.NotNull(value); } = Schedule ?? new ConstantSchedule();

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step) => step.Chance() < Probability * Schedule.FactorAt(step.Epoch, step.Epochs)
        ? Inner.Direction(step.Within(nameof(Inner)))
        : step.GradientAt(step.Weights);
}
