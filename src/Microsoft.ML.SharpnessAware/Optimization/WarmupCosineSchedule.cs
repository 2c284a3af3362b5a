namespace Microsoft.ML.SharpnessAware;

/// <summary>It rises from 0 in a straight line, then falls along half a cosine. Goyal et al. 2017, arXiv:1706.02677.</summary>
/// <param name="WarmupEpochs">Epochs of the rise; 5 by default. A rise longer than the run is cut off by its end.</param>
/// <param name="EndFactor">What is left at the end; 0 by default.</param>
public sealed record WarmupCosineSchedule(double WarmupEpochs = 5, double EndFactor = 0) : Schedule
{
    /// <summary>Epochs of the rise.</summary>
    public double WarmupEpochs { get; init => field = Require.NotNegative(value); } = Require.NotNegative(WarmupEpochs);

    /// <summary>What is left of the learning rate at the end.</summary>
    public double EndFactor { get; init => field = Require.Fraction(value); } = Require.Fraction(EndFactor);

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => epoch < WarmupEpochs
        ? epoch / WarmupEpochs
        : new CosineSchedule(EndFactor).Fall((epoch - WarmupEpochs) / (epochs - WarmupEpochs));
}
