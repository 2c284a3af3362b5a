namespace Microsoft.ML.SharpnessAware;

/// <summary>One step of a <see cref="LearningRateSweep"/>.</summary>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="Loss">The mean loss of the batch, before the step.</param>
/// <param name="SmoothedLoss">The mean of this loss and those before, each of which counts <see cref="LearningRateSweep.Smoothing"/> times as much as the one after it.</param>
public sealed record LearningRatePoint(double LearningRate, double Loss, double SmoothedLoss);
