using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The optimizer that takes the rule's direction in place of the gradient, at the unperturbed weights.</summary>
public abstract record BaseOptimizer
{
    /// <summary>The learning rate that the schedule scales.</summary>
    public abstract double LearningRate { get; init; }

    /// <summary>The TorchSharp optimizer over all trainable weights, given as one vector.</summary>
    public abstract optim.Optimizer Create(Parameter weights);
}
