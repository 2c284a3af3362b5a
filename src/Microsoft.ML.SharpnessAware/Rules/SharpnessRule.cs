namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// One step's rule: it may ask for the batch's gradient at any weights, any number of times,
/// and returns the direction that the base optimizer uses in place of ∇L(w).
/// </summary>
/// <remarks>Derive a record from it to train with a rule of your own.</remarks>
[RecordFamily]
public abstract record SharpnessRule
{
    /// <summary>The direction for this step, a vector as long as <see cref="SamStep.Weights"/>.</summary>
    public abstract Tensor Direction(SamStep step);
}

/// <summary>A rule of two passes: climbs by ε and takes the gradient there. Derived rules differ in ε.</summary>
public abstract record Ascent : SharpnessRule
{
    /// <summary>The perturbation ε of the weights, if their gradient is <paramref name="g"/>; 0 on excluded weights.</summary>
    public Tensor Epsilon(SamStep step, Tensor g) => Find(step, step.OnlyPerturbed(g));

    /// <summary>ε for a gradient that is zero on the excluded weights.</summary>
    protected abstract Tensor Find(SamStep step, Tensor g);

    /// <inheritdoc/>
    public sealed override Tensor Direction(SamStep step)
    {
        var g = step.GradientAt(step.Weights);
        return step.GradientBeyond(() => Epsilon(step, g));
    }
}
