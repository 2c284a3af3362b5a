namespace Microsoft.ML.SharpnessAware;

/// <summary>It falls along half a cosine. Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts.</summary>
/// <param name="EndFactor">What is left of it at the end; 0 by default.</param>
public sealed record CosineSchedule(double EndFactor = 0) : Schedule
{
    /// <summary>What is left of it at the end.</summary>
    public double EndFactor { get; init => field = Require.Fraction(value); } = Require.Fraction(EndFactor);

    /// <inheritdoc/>
    public override double FactorAt(double epoch, int epochs) => Fall(epoch / epochs);

    /// <summary>The factor where a share of the way, from 0 to 1, is done.</summary>
    internal double Fall(double done) => EndFactor + (1 - EndFactor) * (1 + Math.Cos(Math.PI * Math.Clamp(done, 0, 1))) / 2;
}
