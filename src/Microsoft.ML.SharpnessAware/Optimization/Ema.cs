namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// An exponential moving average: after each step, the average becomes d · average + (1 − d) · w. Running statistics of norm layers are averaged alike,
/// and what is not of floating point is copied, as timm's ModelEmaV3 does. Polyak and Juditsky 1992; Tarvainen and Valpola 2017, arXiv:1703.01780.
/// </summary>
/// <param name="Decay">d, 0 or more and less than 1; 0.999 by default, which looks back over some 1000 steps.</param>
/// <param name="WarmUp">Whether d is at most (1 + t) / (10 + t) after t steps, as in TensorFlow, so that the first weights are soon forgotten; true by default.</param>
public sealed record Ema(double Decay = 0.999, bool WarmUp = true) : WeightAverage
{
    /// <summary>What stays of the average in a step.</summary>
    public double Decay { get; init => field = Require.LessThanOne(value); } = Require.LessThanOne(Decay);

    /// <summary>Whether less stays at first.</summary>
    public bool WarmUp { get; init; } = WarmUp;

    internal override bool RecomputesStatistics => false;

    internal override double ShareOf(AverageMoment moment) => moment.StepTaken ? 1 - DecayAfter(moment.Averaged) : 0;

    double DecayAfter(double steps) => WarmUp ? Math.Min(Decay, (1 + steps) / (10 + steps)) : Decay;
}
