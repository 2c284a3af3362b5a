using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Adam with decoupled weight decay. Loshchilov and Hutter 2019, arXiv:1711.05101.</summary>
/// <param name="LearningRate">0.001 by default.</param>
/// <param name="Beta1">0.9 by default.</param>
/// <param name="Beta2">0.999 by default.</param>
/// <param name="Epsilon">1e-8 by default.</param>
/// <param name="WeightDecay">0.01 by default.</param>
public sealed record AdamW(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0.01) : BaseOptimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init => field = Require.NotNegative(value); } = Require.NotNegative(LearningRate);

    /// <summary>How slowly the mean of the directions moves.</summary>
    public double Beta1 { get; init => field = Require.LessThanOne(value); } = Require.LessThanOne(Beta1);

    /// <summary>How slowly the mean of their squares moves.</summary>
    public double Beta2 { get; init => field = Require.LessThanOne(value); } = Require.LessThanOne(Beta2);

    /// <summary>Added to the root of the mean square.</summary>
    public double Epsilon { get; init => field = Require.Positive(value); } = Require.Positive(Epsilon);

    /// <summary>The share of w, times the learning rate, that is taken away each step.</summary>
    public double WeightDecay { get; init => field = Require.NotNegative(value); } = Require.NotNegative(WeightDecay);

    /// <inheritdoc/>
    public override optim.Optimizer Create(Parameter weights) =>
        optim.AdamW([weights], LearningRate, Beta1, Beta2, Epsilon, WeightDecay);
}
