namespace Microsoft.ML.SharpnessAware;

/// <summary>No perturbation: the base optimizer alone, one pass a step. For comparison.</summary>
public sealed record Plain : SharpnessRule
{
    /// <inheritdoc/>
    public override Tensor Direction(SamStep step) => step.GradientAt(step.Weights);
}
