namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Time that goes on when it is told to.</summary>
sealed class ManualTime : TimeProvider
{
    public TimeSpan Now { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;
}
