namespace Microsoft.ML.SharpnessAware;

/// <summary>What a step asks of the world: the weights, and the batch's gradient anywhere.</summary>
internal interface IGradientOracle
{
    Tensor Weights { get; }

    Tensor IsWeight { get; }

    /// <summary>True on the weights that may be perturbed; null where all may.</summary>
    Tensor? Perturbed { get; }

    /// <summary>The gradient at a point, valid until the step ends. The weights are back at w when this returns or throws.</summary>
    Tensor GradientAt(Func<Tensor> point);
}
