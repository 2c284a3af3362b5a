namespace Microsoft.ML.SharpnessAware;

/// <summary>Ends a run that has stopped improving on validation data. The weights of the best epoch are the ones kept.</summary>
/// <param name="Metric">What is compared; accuracy by default.</param>
/// <param name="MinDelta">The least improvement that counts; 0.01 by default.</param>
/// <param name="Patience">Epochs without one before the run ends; 20 by default.</param>
public sealed record EarlyStopping(EarlyStoppingMetric Metric = EarlyStoppingMetric.Accuracy, double MinDelta = 0.01, int Patience = 20)
{
    /// <summary>The least improvement that counts.</summary>
    public double MinDelta { get; init => field = Require.NotNegative(value); } = Require.NotNegative(MinDelta);

    /// <summary>Epochs without an improvement before the run ends.</summary>
    public int Patience { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Patience);
}
