namespace Microsoft.ML.SharpnessAware;

/// <summary>The beginning of a run in which the last layer alone is trained.</summary>
/// <param name="Epochs">How many epochs it takes; as many as the run has, or more, for all of them.</param>
/// <param name="LastLayer">What the network calls the layer.</param>
internal sealed record FrozenStart(int Epochs, string LastLayer)
{
    /// <summary>Bytes of features to hold in memory; what is more goes to temporary files.</summary>
    public long CacheBudget { get; init; } = long.MaxValue;

    public string TempFolder { get; init; } = Path.GetTempPath();
}
