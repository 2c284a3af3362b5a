namespace Microsoft.ML.SharpnessAware;

/// <summary>Which learning rates are tried, one a step, each by the same factor larger than the one before. The numbers by default are those of fastai.</summary>
/// <param name="From">The first; 1e-7 by default.</param>
/// <param name="To">The last; 10 by default.</param>
/// <param name="Steps">How many, 2 or more; 100 by default.</param>
/// <param name="Smoothing">What stays of the smoothed loss in a step, 0 or more and less than 1; 0.98 by default.</param>
/// <param name="StopFactor">How many times the smallest smoothed loss ends the sweep; 4 by default.</param>
public sealed record LearningRateSweep(double From = 1e-7, double To = 10, int Steps = 100, double Smoothing = 0.98, double StopFactor = 4)
{
    /// <summary>The first learning rate.</summary>
    public double From { get; init => field = Require.Positive(value); } = Require.Positive(From);

    /// <summary>The last learning rate.</summary>
    public double To { get; init => field = Require.Positive(value); } = Require.Positive(To);

    /// <summary>How many learning rates.</summary>
    public int Steps { get; init => field = Require.AtLeast(2, value); } = Require.AtLeast(2, Steps);

    /// <summary>What stays of the smoothed loss in a step.</summary>
    public double Smoothing { get; init => field = Require.LessThanOne(value); } = Require.LessThanOne(Smoothing);

    /// <summary>How many times the smallest smoothed loss ends the sweep.</summary>
    public double StopFactor { get; init => field = Require.Positive(value); } = Require.Positive(StopFactor);

    /// <summary>The learning rate of a step, counted from 0.</summary>
    internal double RateAt(int step) => From * Math.Pow(To / From, (double)step / (Steps - 1));

    /// <exception cref="ArgumentOutOfRangeException">The last learning rate is not the largest.</exception>
    internal LearningRateSweep Checked()
    {
        Require.That(To > From, To, FormattableString.Invariant($"more than {nameof(From)}, which is {From}"));
        return this;
    }
}
