namespace Microsoft.ML.SharpnessAware;

/// <summary>It falls by a factor every so many epochs.</summary>
/// <param name="EveryEpochs">30 by default.</param>
/// <param name="Factor">0.1 by default.</param>
public sealed record StepSchedule(int EveryEpochs = 30, double Factor = 0.1) : Schedule
{
    /// <summary>Epochs from one fall to the next.</summary>
    public int EveryEpochs { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, EveryEpochs);

    /// <summary>What it is multiplied by at each fall.</summary>
    public double Factor { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Factor);

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => Math.Pow(Factor, Math.Floor(epoch / EveryEpochs));
}
