namespace Microsoft.ML.SharpnessAware;

/// <summary>What a <see cref="TrainingClock"/> shows.</summary>
/// <param name="Elapsed">Time since the start of the run.</param>
/// <param name="Trained">The part of it in which the stage trained.</param>
/// <param name="Rows">The training rows that the stage did in it.</param>
internal readonly record struct ClockState(TimeSpan Elapsed, TimeSpan Trained, long Rows);
