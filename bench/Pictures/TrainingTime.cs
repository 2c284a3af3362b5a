using Microsoft.ML.SharpnessAware;

namespace Pictures;

/// <summary>The processor's time that a run spends on its steps, without validation. Other work on the machine does not count.</summary>
sealed class TrainingTime : IProgress<TrainingProgress>
{
    TimeSpan? _start;
    TimeSpan _trained;

    public double Seconds => _trained.TotalSeconds;

    public void Report(TrainingProgress value)
    {
        var now = Environment.CpuUsage.TotalTime;
        _start ??= now; // the first step, which also prepares the data, does not count
        _trained += now - _start.Value;
        _start = now;
    }

    /// <summary>Validation is over, and the next epoch begins.</summary>
    public void EpochEnded() => _start = Environment.CpuUsage.TotalTime;
}
