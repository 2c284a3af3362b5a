namespace Microsoft.ML.SharpnessAware;

/// <summary>It rises from 0 in a straight line, and then follows another schedule over the rest of the run.</summary>
/// <param name="Epochs">Epochs of the rise; 5 by default. A rise longer than the run is cut off by its end.</param>
/// <param name="Then">The schedule after the rise; <see cref="ConstantSchedule"/> by default.</param>
public sealed record WarmupSchedule(double Epochs = 5, Schedule? Then = null) : Schedule
{
    /// <summary>Epochs of the rise.</summary>
    public double Epochs { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Epochs);

    /// <summary>The schedule after the rise, for a run that begins there.</summary>
    public Schedule Then { get; init => field = Require.NotNull(value); } = Then ?? new ConstantSchedule();

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => epoch < Epochs ? epoch / Epochs : Then.FactorAfter(Epochs, epoch, epochs);
}
