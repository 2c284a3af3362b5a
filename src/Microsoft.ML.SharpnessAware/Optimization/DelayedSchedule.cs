namespace Microsoft.ML.SharpnessAware;

/// <summary>It is 0 at first, and then follows another schedule over the rest of the run.</summary>
/// <param name="Epochs">Epochs at 0; 8 by default, as MSAM has for vision transformers (arXiv:2401.12033).</param>
/// <param name="Then">The schedule after them; <see cref="ConstantSchedule"/> by default.</param>
public sealed record DelayedSchedule(double Epochs = 8, Schedule? Then = null) : Schedule
{
    /// <summary>Epochs at 0.</summary>
    public double Epochs { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Epochs);

    /// <summary>The schedule after them, for a run that begins there.</summary>
    public Schedule Then { get; init => field = Require.NotNull(value); } = Then ?? new ConstantSchedule();

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => epoch < Epochs ? 0 : Then.FactorAfter(Epochs, epoch, epochs);
}
