namespace Microsoft.ML.SharpnessAware;

/// <summary>How a run ended.</summary>
/// <param name="Last">The last epoch's metrics.</param>
/// <param name="BestEpoch">The epoch whose weights the network has, counted from 1.</param>
internal sealed record TrainingSummary(EpochMetrics Last, int BestEpoch);
