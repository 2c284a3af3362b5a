namespace Microsoft.ML.SharpnessAware;

/// <summary>Log lines between those of the epochs: one every 15 seconds, and how long the whole run is going to take as soon as the first steps tell.</summary>
internal sealed class ProgressLog(TrainingPlan plan)
{
    // The first step warms up what the others find warm.
    const int StepsOfEstimate = 3;

    static readonly TimeSpan _between = TimeSpan.FromSeconds(15);
    static readonly TimeSpan _long = TimeSpan.FromMinutes(10);

    long _last = plan.Time.GetTimestamp();
    int _steps;
    bool _hasEstimated;

    /// <summary>After each step.</summary>
    /// <param name="progress">Where the run is.</param>
    /// <param name="lastEpoch">The last epoch of the stage, which the time that is left goes up to.</param>
    public void AfterStep(TrainingProgress progress, int lastEpoch)
    {
        // What frozen layers take tells nothing of the epochs after them.
        var isLastStage = lastEpoch == progress.Epochs;
        _steps += isLastStage ? 1 : 0;
        var isDue = plan.Time.GetElapsedTime(_last) >= _between;
        if (!_hasEstimated && isLastStage && (isDue || _steps == StepsOfEstimate))
            Estimate(progress);
        if (!isDue || progress.Batch == progress.Batches)
            return;
        _last = plan.Time.GetTimestamp();
        plan.Log(Invariant($"Epoch {progress.Epoch}/{progress.Epochs}, batch {progress.Batch} of {progress.Batches}: loss {progress.Loss:0.0000}, training accuracy {progress.Accuracy:0.0000}, {SpeedText.Of(progress.ExamplesPerSecond)}, {SpeedText.Of(progress.Remaining, lastEpoch, progress.Epochs)}"));
    }

    /// <summary>After an epoch, whose own line has just been written.</summary>
    public void AfterEpoch() => _last = plan.Time.GetTimestamp();

    void Estimate(TrainingProgress progress)
    {
        _hasEstimated = true;
        if (plan.AdviceOnLongRuns is { } advice && plan.Device.type == DeviceType.CPU && progress.Remaining > _long)
            plan.Warn($"On this CPU the run is going to take up to {SpeedText.Of(progress.Remaining)} ({SpeedText.Of(progress.ExamplesPerSecond)}). {advice}");
        else if (progress.Remaining > _between)
            plan.Log($"At {SpeedText.Of(progress.ExamplesPerSecond)} the run is going to take up to {SpeedText.Of(progress.Remaining)}.");
    }
}

/// <summary>Speed and time in words.</summary>
internal static class SpeedText
{
    public static string Of(double examplesPerSecond) => examplesPerSecond >= 10 ? Invariant($"{examplesPerSecond:0} examples/s") : Invariant($"{examplesPerSecond:0.00} examples/s");

    /// <summary>The time that is left to the end of an epoch, which is named where it is not the last of the run.</summary>
    public static string Of(TimeSpan remaining, int? lastEpoch, int epochs) => $"{Of(remaining)} left" + (lastEpoch < epochs ? Invariant($" to the end of epoch {lastEpoch}") : "");

    /// <summary>Hours, minutes and seconds, of more than a day too.</summary>
    public static string Of(TimeSpan time) => Invariant($"{(long)time.TotalHours:00}:{time:mm\\:ss}");
}
