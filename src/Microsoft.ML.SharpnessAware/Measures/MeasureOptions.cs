namespace Microsoft.ML.SharpnessAware;

/// <summary>Settings of all measurements of the loss around the weights.</summary>
public abstract class MeasureOptions : ICheckedOptions
{
    private protected MeasureOptions() { }

    /// <summary>The largest number of rows for the loss, drawn by the seed; null for all. 1024 by default.</summary>
    public int? Rows = 1024;

    /// <summary>Rows in a pass; 128 by default. It has no effect on the result, except for rounding.</summary>
    public int BatchSize = 128;

    /// <summary>The seed of the rows and of all random numbers; null, the default, for that of the MLContext, or 1 if it has none, so that models are measured on the same rows.</summary>
    public int? Seed;

    /// <summary>Whether each row's logits are divided by their 2-norm first, which removes the influence of the scale of the last layer; false by default.</summary>
    public bool NormalizeLogits;

    /// <summary>Whether to measure on a copy of the network in float64 instead of float32, for more accurate digits; false by default.</summary>
    public bool DoublePrecision;

    /// <summary>Called after each step.</summary>
    public IProgress<MeasuringProgress>? Progress;

    /// <summary>Ends the measurement with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken;

    object ICheckedOptions.Copy() => MemberwiseClone();

    void ICheckedOptions.AddTo(OptionFaults faults) => AddTo(faults);

    private protected virtual void AddTo(OptionFaults faults)
    {
        faults.Unless(Rows is null or >= 1, Rows, "1 or more, or null for all");
        faults.Unless(BatchSize >= 1, BatchSize, "1 or more");
    }
}

/// <summary>Settings of a loss landscape.</summary>
public sealed class LossLandscapeOptions : MeasureOptions
{
    /// <summary>The number of directions: 1, or 2, the default.</summary>
    public int Dimensions = 2;

    /// <summary>Points along a direction; 21 by default. An odd number has w itself in the middle.</summary>
    public int Points = 21;

    /// <summary>The distance to both sides; 1, the default, is the norm of each filter.</summary>
    public double Reach = 1;

    /// <summary>Whether parameters of one dimension, biases and those of norm layers, also move, along themselves; false by default.</summary>
    public bool MoveBiases;

    private protected override void AddTo(OptionFaults faults)
    {
        base.AddTo(faults);
        faults.Unless(Dimensions is 1 or 2, Dimensions, "1 or 2");
        faults.Unless(Points >= 2, Points, "2 or more");
        faults.Unless(Reach > 0 && double.IsFinite(Reach), Reach, "finite and more than 0");
    }
}

/// <summary>The progress of a measurement, reported after each of its steps.</summary>
/// <param name="Measure">What is being measured, such as "trace".</param>
/// <param name="Step">Steps of it done so far.</param>
/// <param name="Steps">The largest number of steps that it takes.</param>
public sealed record MeasuringProgress(string Measure, int Step, int Steps);

/// <summary>Settings of the measurement of sharpness.</summary>
public sealed class SharpnessOptions : MeasureOptions
{
    /// <summary>The radius ρ of the perturbations; 0.05 by default, as in <see cref="Sam"/>.</summary>
    public double Rho = 0.05;

    /// <summary>The radius ρ of the adaptive measures, in units of each weight; 0.5 by default, as in <see cref="Asam"/>.</summary>
    public double AdaptiveRho = 0.5;

    /// <summary>The norm in which both radii are measured: 2, the default, or infinity.</summary>
    public double P = 2;

    /// <summary>Rows in a group of m-sharpness; null to leave it out. 128 by default.</summary>
    public int? M = 128;

    /// <summary>The number of points of the ascent that finds the worst case; 20 by default.</summary>
    public int AscentSteps = 20;

    /// <summary>The number of random perturbations for the average case, each used with its negative as well; 0 to leave it out. 20 by default.</summary>
    public int AverageDraws = 20;

    /// <summary>The standard deviation of each weight's perturbation in the average case; null, the default, for <see cref="Rho"/>.</summary>
    public double? AverageDeviation;

    /// <summary>The same in units of each weight, for the adaptive average case; null, the default, for <see cref="AdaptiveRho"/>.</summary>
    public double? AdaptiveAverageDeviation;

    /// <summary>How many of the Hessian's largest eigenvalues to find; 0 for none. 5 by default.</summary>
    public int Eigenvalues = 5;

    /// <summary>The largest number of products of the Hessian and a vector for the eigenvalues, and of copies of the weights in memory. 50 by default.</summary>
    public int LanczosSteps = 50;

    /// <summary>The residual, as a share of the largest eigenvalue, at which eigenvalues count as found; 0.01 by default. Their errors are far smaller, except for eigenvalues close together.</summary>
    public double EigenvalueTolerance = 0.01;

    /// <summary>The largest number of random vectors for the trace of the Hessian; 0 to leave it out. 50 by default.</summary>
    public int TraceProbes = 50;

    /// <summary>The standard error, as a share of the trace, at which no more vectors are drawn; 0.03 by default.</summary>
    public double TraceTolerance = 0.03;

    /// <summary>Whether products of the Hessian and a vector are central differences of gradients, instead of a second differentiation; false by default. They are always used if a network cannot be differentiated twice.</summary>
    public bool FiniteDifferences;

    private protected override void AddTo(OptionFaults faults)
    {
        base.AddTo(faults);
        faults.Unless(Rho >= 0 && double.IsFinite(Rho), Rho, "finite and 0 or more");
        faults.Unless(AdaptiveRho >= 0 && double.IsFinite(AdaptiveRho), AdaptiveRho, "finite and 0 or more");
        faults.Unless(P is 2 or double.PositiveInfinity, P, "2 or infinity");
        faults.Unless(M is null or >= 1, M, "1 or more, or null");
        faults.Unless(AscentSteps >= 1, AscentSteps, "1 or more");
        faults.Unless(AverageDraws is 0 or >= 2, AverageDraws, "0, or 2 or more");
        faults.Unless(AverageDeviation is null or (>= 0 and < double.PositiveInfinity), AverageDeviation, "finite and 0 or more");
        faults.Unless(AdaptiveAverageDeviation is null or (>= 0 and < double.PositiveInfinity), AdaptiveAverageDeviation, "finite and 0 or more");
        faults.Unless(Eigenvalues >= 0, Eigenvalues, "0 or more");
        faults.Unless(LanczosSteps >= Math.Max(1, Eigenvalues), LanczosSteps, $"1 or more, and no less than {nameof(Eigenvalues)}");
        faults.Unless(EigenvalueTolerance >= 0 && double.IsFinite(EigenvalueTolerance), EigenvalueTolerance, "finite and 0 or more");
        faults.Unless(TraceProbes is 0 or >= 2, TraceProbes, "0, or 2 or more");
        faults.Unless(TraceTolerance >= 0 && double.IsFinite(TraceTolerance), TraceTolerance, "finite and 0 or more");
    }
}
