namespace Microsoft.ML.SharpnessAware;

// TorchSharp has no averages of weights; here the moment and a count decide, so that an exact resume needs no other state.
/// <summary>
/// An average of the weights over a part of a run. Once it has begun, validation, early stopping and the model use it instead of the weights of the run,
/// from which training continues.
/// </summary>
[RecordFamily]
public abstract record WeightAverage
{
    private protected WeightAverage() { }

    /// <summary>How large a part of the average the weights after a batch become; 0 where it stays as it is.</summary>
    internal abstract double ShareOf(AverageMoment moment);

    /// <summary>Whether batch norm's running statistics are computed again for the average; else they are averaged as weights are.</summary>
    internal abstract bool RecomputesStatistics { get; }

    /// <summary>The moment of the run that a learning rate's schedule is asked for, in epochs.</summary>
    internal virtual double ScheduledAt(double epoch, int epochs) => epoch;
}

/// <summary>
/// An exponential moving average: after each step, the average becomes d · average + (1 − d) · w. Running statistics of norm layers are averaged as well,
/// and values that are not floating point are copied, as in timm's ModelEmaV3. Polyak and Juditsky 1992; Tarvainen and Valpola 2017, arXiv:1703.01780.
/// </summary>
/// <param name="Decay">d, 0 or more and less than 1; 0.999 by default, an average over about 1000 steps.</param>
/// <param name="WarmUp">Whether d is at most (1 + t) / (10 + t) after t steps, as in TensorFlow, so that the first weights soon have little influence; true by default.</param>
public sealed record Ema(double Decay = 0.999, bool WarmUp = true) : WeightAverage
{
    /// <summary>The share of the average that is kept in a step.</summary>
    public double Decay { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Decay);

    /// <summary>Whether less is kept in the first steps.</summary>
    public bool WarmUp { get; init; } = WarmUp;

    internal override bool RecomputesStatistics => false;

    internal override double ShareOf(AverageMoment moment) => moment.StepTaken ? 1 - DecayAfter(moment.Averaged) : 0;

    double DecayAfter(double steps) => WarmUp ? Math.Min(Decay, (1 + steps) / (10 + steps)) : Decay;
}

/// <summary>
/// Stochastic Weight Averaging: the plain mean of the weights at the ends of the last epochs. The running statistics of batch norm are computed again for it,
/// over the training rows. Izmailov et al. 2018, arXiv:1803.05407.
/// </summary>
/// <param name="Start">The fraction of the run after which epochs are averaged, from 0 to 1; 0.75 by default, as in the paper.</param>
/// <param name="HoldsLearningRate">Whether the learning rate stays at its value of that moment from then on, as in the paper, instead of following the schedule; true by default. Where the last layer is trained alone first, it stays so to the end of the part in which that moment is.</param>
public sealed record Swa(double Start = 0.75, bool HoldsLearningRate = true) : WeightAverage
{
    /// <summary>The fraction of the run after which epochs are averaged.</summary>
    public double Start { get; init => field = Require.Probability(value); } = Require.Probability(Start);

    /// <summary>Whether the learning rate stays the same from then on.</summary>
    public bool HoldsLearningRate { get; init; } = HoldsLearningRate;

    internal override bool RecomputesStatistics => true;

    internal override double ShareOf(AverageMoment moment) => moment.EpochEnds && moment.Epoch >= Start * moment.Epochs ? 1.0 / (moment.Averaged + 1) : 0;

    internal override double ScheduledAt(double epoch, int epochs) => HoldsLearningRate ? Math.Min(epoch, Start * epochs) : epoch;
}

/// <summary>When an average may take in the weights: after each batch.</summary>
/// <param name="Averaged">How often it has done so.</param>
/// <param name="StepTaken">Whether the batch's step was taken, and not skipped.</param>
/// <param name="Epoch">The running epoch, counted from 1.</param>
/// <param name="EpochEnds">Whether the batch is the epoch's last.</param>
/// <param name="Epochs">Epochs of the whole run.</param>
internal readonly record struct AverageMoment(long Averaged, bool StepTaken, int Epoch, bool EpochEnds, int Epochs);
