namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// A mean of the weights that a run goes through. Once it has begun, validation, early stopping and the model have it in place of the run's own
/// weights, from which training goes on.
/// </summary>
public abstract record WeightAverage
{
    private protected WeightAverage() { }

    /// <summary>How large a part of the average the weights after a batch become; 0 where it stays as it is.</summary>
    internal abstract double ShareOf(AverageMoment moment);

    /// <summary>Whether batch norm's running statistics are taken anew for the average; else they are averaged as weights are.</summary>
    internal abstract bool RecomputesStatistics { get; }

    /// <summary>The moment of the run that a learning rate's schedule is asked for, in epochs.</summary>
    internal virtual double ScheduledAt(double epoch, int epochs) => epoch;
}
