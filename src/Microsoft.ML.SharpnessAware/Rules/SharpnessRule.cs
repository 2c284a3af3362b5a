namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// One step's rule: it may ask for the batch's gradient at any weights, any number of times,
/// and returns the direction that the base optimizer takes in place of ∇L(w).
/// </summary>
/// <remarks>Derive a record from it to train with a rule of your own.</remarks>
public abstract record SharpnessRule
{
    /// <summary>The direction for this step, a vector as long as <see cref="SamStep.Weights"/>.</summary>
    public abstract Tensor Direction(SamStep step);
}
