namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// Stochastic Weight Averaging: the plain mean of the weights at the ends of the last epochs. Batch norm's running statistics are taken anew for it,
/// over the training rows. Izmailov et al. 2018, arXiv:1803.05407.
/// </summary>
/// <param name="Start">The fraction of the run after which epochs are averaged, from 0 to 1; 0.75 by default, as in the paper.</param>
/// <param name="HoldsLearningRate">Whether the learning rate stays from then on what the schedule says for that moment, as in the paper, or goes on with the schedule; true by default.</param>
public sealed record Swa(double Start = 0.75, bool HoldsLearningRate = true) : WeightAverage
{
    /// <summary>The fraction of the run after which epochs are averaged.</summary>
    public double Start { get; init => field = Require.Fraction(value); } = Require.Fraction(Start);

    /// <summary>Whether the learning rate stays the same from then on.</summary>
    public bool HoldsLearningRate { get; init; } = HoldsLearningRate;

    internal override bool RecomputesStatistics => true;

    internal override double ShareOf(AverageMoment moment) => moment.EpochEnds && moment.Epoch >= Start * moment.Epochs ? 1.0 / (moment.Averaged + 1) : 0;

    internal override double ScheduledAt(double epoch, int epochs) => HoldsLearningRate ? Math.Min(epoch, Start * epochs) : epoch;
}
