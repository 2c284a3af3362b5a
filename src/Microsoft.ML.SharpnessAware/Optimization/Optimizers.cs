using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The optimizer that uses the direction of the rule in place of the gradient, at the unperturbed weights.</summary>
[RecordFamily]
public abstract record BaseOptimizer
{
    /// <summary>The learning rate that the schedule scales.</summary>
    public abstract double LearningRate { get; init; }

    /// <summary>The TorchSharp optimizer over all trainable weights, given as one vector.</summary>
    public abstract optim.Optimizer Create(Parameter weights);
}

/// <summary>Stochastic gradient descent with momentum, as PyTorch defines it; weight decay is added to the direction.</summary>
/// <param name="LearningRate">0.01 by default.</param>
/// <param name="Momentum">0.9 by default; 0 for none.</param>
/// <param name="WeightDecay">0.0005 by default.</param>
/// <param name="Nesterov">Whether to use Nesterov momentum; false by default.</param>
public sealed record Sgd(double LearningRate = 0.01, double Momentum = 0.9, double WeightDecay = 5e-4, bool Nesterov = false) : BaseOptimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init => field = Require.NotNegative(value); } = Require.NotNegative(LearningRate);

    /// <summary>The share of the previous step that is kept.</summary>
    public double Momentum { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Momentum);

    /// <summary>The multiple of w that is added to the direction.</summary>
    public double WeightDecay { get; init => field = Require.NotNegative(value); } = Require.NotNegative(WeightDecay);

    /// <inheritdoc/>
    public override optim.Optimizer Create(Parameter weights) =>
        optim.SGD([weights], LearningRate, momentum: Momentum, weight_decay: WeightDecay, nesterov: Nesterov && Momentum > 0);
}

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

    /// <summary>The decay of the mean of the directions.</summary>
    public double Beta1 { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Beta1);

    /// <summary>The decay of the mean of their squares.</summary>
    public double Beta2 { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Beta2);

    /// <summary>Added to the root of the mean square.</summary>
    public double Epsilon { get; init => field = Require.Positive(value); } = Require.Positive(Epsilon);

    /// <summary>The share of w, times the learning rate, that is subtracted each step.</summary>
    public double WeightDecay { get; init => field = Require.NotNegative(value); } = Require.NotNegative(WeightDecay);

    /// <inheritdoc/>
    public override optim.Optimizer Create(Parameter weights) =>
        optim.AdamW([weights], LearningRate, Beta1, Beta2, Epsilon, WeightDecay);
}

/// <summary>Parameters with an optimizer of their own, such as a new head on trained layers.</summary>
/// <param name="Weights">Which parameters; all by default.</param>
/// <param name="Optimizer">Their optimizer, with its own learning rate, which the schedule scales like the others; <see cref="Sgd"/> by default.</param>
/// <param name="Rho">The radius ρ of these parameters' perturbation in place of the rule's; null, the default, for the rule's.</param>
public sealed record ParameterGroup(WeightFilter? Weights = null, BaseOptimizer? Optimizer = null, double? Rho = null)
{
    /// <summary>Which parameters.</summary>
    public WeightFilter Weights { get; init => field = Require.NotNull(value); } = Weights ?? new AllWeights();

    /// <summary>Their optimizer.</summary>
    public BaseOptimizer Optimizer { get; init => field = Require.NotNull(value); } = Optimizer ?? new Sgd();

    /// <summary>The radius ρ of these parameters' perturbation in place of the rule's; null for the rule's.</summary>
    /// <remarks>
    /// As in PyTorch's implementations, the norm of the gradient is taken over all parameters: ε is that of the rule, and its part in this group is
    /// as large as it would be if the rule had this radius.
    /// </remarks>
    public double? Rho { get; init => field = Radius(value); } = Radius(Rho);

    static double? Radius(double? value) => value is { } rho ? Require.NotNegative(rho, nameof(Rho)) : null;
}
