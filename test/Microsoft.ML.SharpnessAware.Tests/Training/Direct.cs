namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Progress that is told at once, and on the thread that reports it.</summary>
sealed class Direct(Action<TrainingProgress> act) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => act(value);
}
