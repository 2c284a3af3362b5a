namespace Microsoft.ML.SharpnessAware;

/// <summary>How fast a run goes, and how long it has still to go.</summary>
internal sealed class TrainingClock(TimeProvider time, int epochs, int rowsPerEpoch)
{
    readonly long _start = time.GetTimestamp();
    long _done;

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Training rows a second since the start, validation time included.</summary>
    public double ExamplesPerSecond => _done / Math.Max(Elapsed.TotalSeconds, 1e-9);

    /// <summary>Time to the end of the last epoch, if it goes on as it did.</summary>
    public TimeSpan Remaining => _done == 0 ? TimeSpan.Zero : Elapsed * ((double)epochs * rowsPerEpoch / _done - 1);

    public void Advance(int rows) => _done += rows;
}
