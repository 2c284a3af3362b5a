namespace Microsoft.ML.SharpnessAware;

/// <summary>How fast a stage of a run goes.</summary>
/// <param name="time">Where the time comes from.</param>
/// <param name="before">What the clock showed when the run was stopped, or when the stage before ended.</param>
internal sealed class TrainingClock(TimeProvider time, ClockState before = default)
{
    readonly long _start = time.GetTimestamp();
    long? _trainingStart;

    public ClockState State => new(before.Elapsed + time.GetElapsedTime(_start), Trained, Rows);

    /// <summary>Training rows done in the stage, those of skipped steps too.</summary>
    public long Rows { get; private set; } = before.Rows;

    /// <summary>Training rows a second, validation time included, but not that of computing features.</summary>
    public double ExamplesPerSecond => Rows / Math.Max(Trained.TotalSeconds, 1e-9);

    TimeSpan Trained => before.Trained + (_trainingStart is { } start ? time.GetElapsedTime(start) : TimeSpan.Zero);

    /// <summary>The stage has its rows, and trains from now on.</summary>
    public void Begin() => _trainingStart ??= time.GetTimestamp();

    public void Advance(int rows) => Rows += rows;

    /// <summary>Time until the stage has done so many rows, if it goes on as it did.</summary>
    public TimeSpan TimeTo(long rows) => Rows == 0 ? TimeSpan.Zero : Trained * ((double)rows / Rows - 1);
}
