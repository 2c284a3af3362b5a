using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Stochastic gradient descent with momentum, as PyTorch defines it; weight decay is added to the direction.</summary>
/// <param name="LearningRate">0.01 by default.</param>
/// <param name="Momentum">0.9 by default; 0 for none.</param>
/// <param name="WeightDecay">0.0005 by default.</param>
/// <param name="Nesterov">Looks ahead along the momentum; false by default.</param>
public sealed record Sgd(double LearningRate = 0.01, double Momentum = 0.9, double WeightDecay = 5e-4, bool Nesterov = false) : BaseOptimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init => field = Require.NotNegative(value); } = Require.NotNegative(LearningRate);

    /// <summary>The share of the last step's move that is kept.</summary>
    public double Momentum { get; init => field = Require.LessThanOne(value); } = Require.LessThanOne(Momentum);

    /// <summary>The multiple of w that is added to the direction.</summary>
    public double WeightDecay { get; init => field = Require.NotNegative(value); } = Require.NotNegative(WeightDecay);

    /// <inheritdoc/>
    public override optim.Optimizer Create(Parameter weights) =>
        optim.SGD([weights], LearningRate, momentum: Momentum, weight_decay: WeightDecay, nesterov: Nesterov && Momentum > 0);
}
