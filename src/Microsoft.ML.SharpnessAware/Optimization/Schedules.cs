namespace Microsoft.ML.SharpnessAware;

// TorchSharp's LRScheduler counts its own steps, and sets learning rates alone; a factor that follows from the moment has no state that an exact resume would need.
/// <summary>How a number changes over a run: the learning rate, a radius, a probability.</summary>
[RecordFamily]
public abstract record Schedule
{
    /// <summary>What the number is multiplied by.</summary>
    /// <param name="epoch">Epochs done so far, with the fraction of the running one: 0 in the first step.</param>
    /// <param name="epochs">Epochs of the whole run.</param>
    public abstract double FactorAt(double epoch, int epochs);
}

/// <summary>A constant factor of 1.</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => 1;
}

/// <summary>Falls linearly.</summary>
/// <param name="EndFactor">The factor at the end; 0 by default.</param>
public sealed record LinearSchedule(double EndFactor = 0) : Schedule
{
    /// <summary>The factor at the end.</summary>
    public double EndFactor { get; init => field = Require.Probability(value); } = Require.Probability(EndFactor);

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => 1 - (1 - EndFactor) * Math.Clamp(epoch / epochs, 0, 1);
}

/// <summary>Falls along half a cosine. Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts.</summary>
/// <param name="EndFactor">The factor at the end; 0 by default.</param>
public sealed record CosineSchedule(double EndFactor = 0) : Schedule
{
    /// <summary>The factor at the end.</summary>
    public double EndFactor { get; init => field = Require.Probability(value); } = Require.Probability(EndFactor);

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => Fall(epoch / epochs);

    /// <summary>The factor where a share of the way, from 0 to 1, is done.</summary>
    internal double Fall(double done) => EndFactor + (1 - EndFactor) * (1 + Math.Cos(Math.PI * Math.Clamp(done, 0, 1))) / 2;
}

/// <summary>Falls by a factor after a number of epochs, repeatedly.</summary>
/// <param name="EveryEpochs">30 by default.</param>
/// <param name="Factor">0.1 by default.</param>
public sealed record StepSchedule(int EveryEpochs = 30, double Factor = 0.1) : Schedule
{
    /// <summary>Epochs from one change to the next.</summary>
    public int EveryEpochs { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, EveryEpochs);

    /// <summary>The factor of each change.</summary>
    public double Factor { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Factor);

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => Math.Pow(Factor, Math.Floor(epoch / EveryEpochs));
}

/// <summary>Rises linearly from 0, and then follows another schedule over the rest of the run.</summary>
/// <param name="Epochs">Epochs of the rise; 5 by default. A rise longer than the run ends with the run.</param>
/// <param name="Then">The schedule after the rise; <see cref="ConstantSchedule"/> by default.</param>
public sealed record WarmupSchedule(double Epochs = 5, Schedule? Then = null) : Schedule
{
    /// <summary>Epochs of the rise.</summary>
    public double Epochs { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Epochs);

    /// <summary>The schedule after the rise, as if the run began there.</summary>
    public Schedule Then { get; init => field = Require.NotNull(value); } = Then ?? new ConstantSchedule();

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => epoch < Epochs ? epoch / Epochs : Then.FactorAfter(Epochs, epoch, epochs);
}

/// <summary>Rises linearly from 0, then falls along half a cosine. Goyal et al. 2017, arXiv:1706.02677.</summary>
/// <param name="WarmupEpochs">Epochs of the rise; 5 by default. A rise longer than the run ends with the run.</param>
/// <param name="EndFactor">The factor at the end; 0 by default.</param>
public sealed record WarmupCosineSchedule(double WarmupEpochs = 5, double EndFactor = 0) : Schedule
{
    /// <summary>Epochs of the rise.</summary>
    public double WarmupEpochs { get; init => field = Require.NotNegative(value); } = Require.NotNegative(WarmupEpochs);

    /// <summary>The factor at the end.</summary>
    public double EndFactor { get; init => field = Require.Probability(value); } = Require.Probability(EndFactor);

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => epoch < WarmupEpochs
        ? epoch / WarmupEpochs
        : new CosineSchedule(EndFactor).Fall((epoch - WarmupEpochs) / (epochs - WarmupEpochs));
}

/// <summary>Is 0 at first, and then follows another schedule over the rest of the run.</summary>
/// <param name="Epochs">Epochs at 0; 8 by default, as in MSAM for vision transformers (arXiv:2401.12033).</param>
/// <param name="Then">The schedule after them; <see cref="ConstantSchedule"/> by default.</param>
public sealed record DelayedSchedule(double Epochs = 8, Schedule? Then = null) : Schedule
{
    /// <summary>Epochs at 0.</summary>
    public double Epochs { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Epochs);

    /// <summary>The schedule after them, as if the run began there.</summary>
    public Schedule Then { get; init => field = Require.NotNull(value); } = Then ?? new ConstantSchedule();

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => epoch < Epochs ? 0 : Then.FactorAfter(Epochs, epoch, epochs);
}

/// <summary>
/// A radius that follows the learning rate η, as in GSAM: ρ = ρ_min + (ρ_max − ρ_min) (η − η_min) / (η_max − η_min).
/// Zhuang et al. 2022, arXiv:2203.08065.
/// </summary>
/// <remarks>If the learning rate is below η_min, as in a warm-up, the radius is ρ_min.</remarks>
/// <param name="To">The learning rate's schedule; <see cref="CosineSchedule"/> by default, as for the learning rate itself.</param>
/// <param name="EndFactor">ρ_min / ρ_max; 0 by default.</param>
/// <param name="LeastFactor">η_min / η_max, the smallest factor of the learning-rate schedule; 0 by default.</param>
public sealed record TiedSchedule(Schedule? To = null, double EndFactor = 0, double LeastFactor = 0) : Schedule
{
    /// <summary>The learning rate's schedule.</summary>
    public Schedule To { get; init => field = Require.NotNull(value); } = To ?? new CosineSchedule();

    /// <summary>ρ_min / ρ_max: the factor of the radius where the learning rate is smallest.</summary>
    public double EndFactor { get; init => field = Require.Probability(value); } = Require.Probability(EndFactor);

    /// <summary>η_min / η_max: the smallest factor of the learning-rate schedule.</summary>
    public double LeastFactor { get; init => field = Require.BelowOne(value); } = Require.BelowOne(LeastFactor);

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs)
    {
        var above = Math.Max(0, To.FactorAt(epoch, epochs) - LeastFactor);
        return EndFactor + (1 - EndFactor) * above / (1 - LeastFactor);
    }
}

/// <summary>Schedules that follow another one.</summary>
internal static class ScheduleParts
{
    /// <summary>The factor of a schedule that begins after so many epochs and lasts for the rest of the run.</summary>
    /// <remarks>A rest that is not of whole epochs is rounded up, and run through that much faster, so that it comes to its end.</remarks>
    public static double FactorAfter(this Schedule then, double beginning, double epoch, int epochs)
    {
        var rest = epochs - beginning;
        if (rest <= 0)
            return then.FactorAt(0, 1);
        var whole = (int)Math.Ceiling(rest);
        return then.FactorAt((epoch - beginning) * whole / rest, whole);
    }
}
