namespace Microsoft.ML.SharpnessAware;

/// <summary>What a step asks of the world: the weights, what the batch's examples say anywhere, where the optimizer would go, and chance.</summary>
internal interface IGradientOracle
{
    Tensor Weights { get; }

    IReadOnlyList<WeightBlock> Blocks { get; }

    Tensor IsWeight { get; }

    /// <summary>True on the weights that may be perturbed; null where all may.</summary>
    Tensor? Perturbed { get; }

    /// <summary>The examples that the losses and gradients are of.</summary>
    int Examples { get; }

    /// <summary>The base optimizer's running mean of directions; null before its first step, or where it has none.</summary>
    Tensor? Momentum { get; }

    /// <summary>The same, of the batch of the last step that was taken; null where there was none, or it has not been kept.</summary>
    IGradientOracle? LastBatch { get; }

    /// <summary>
    /// The gradient at a point of the examples' mean loss, or of Σ aᵢ ℓᵢ for example weights a; valid until the step ends.
    /// The weights are back at w when this returns or throws.
    /// </summary>
    Tensor GradientAt(Func<Tensor> point, Tensor? exampleWeights = null);

    /// <summary>The examples' mean loss in the pass that gave this gradient.</summary>
    Tensor LossOf(Tensor gradient);

    /// <summary>∇L(there) − ∇L(here), whose passes leave no gradient's memory in use.</summary>
    Tensor Difference(Func<Tensor> there, Func<Tensor> here);

    /// <summary>The loss of each example at a point.</summary>
    Tensor LossesAt(Func<Tensor> point);

    /// <summary>Two gradients that need not wait for each other, each taken from the oracle that the function is given, and returned as it is.</summary>
    (Tensor First, Tensor Second) SideBySide(Func<IGradientOracle, Tensor> first, Func<IGradientOracle, Tensor> second);

    /// <summary>Where the base optimizer's step along this direction would lead.</summary>
    Tensor Ahead(Tensor direction);

    /// <summary>Moves the weights along −v too when the step is taken, by the learning rate alone.</summary>
    void MoveBeside(Tensor v);

    /// <summary>As long as the weights, independent standard normal numbers, the same for the same purpose in the same step.</summary>
    Tensor Gaussian(string purpose);

    /// <summary>As long as the weights, −1 or 1 with equal chance.</summary>
    Tensor Signs(string purpose);

    /// <summary>A number from 0 to 1, 1 not included.</summary>
    double Chance(string purpose);
}
