namespace Microsoft.ML.SharpnessAware;

/// <summary>A rule of two passes: climb by ε, take the gradient there. What differs is ε.</summary>
public abstract record Ascent : SharpnessRule
{
    /// <summary>The perturbation ε of the weights, where their gradient is <paramref name="g"/>; zero on the excluded ones.</summary>
    public Tensor Epsilon(SamStep step, Tensor g) => Find(step, step.OnlyPerturbed(g));

    /// <summary>ε for a gradient that is zero on the excluded weights.</summary>
    protected abstract Tensor Find(SamStep step, Tensor g);

    /// <inheritdoc/>
    public sealed override Tensor Direction(SamStep step)
    {
        var w = step.Weights;
        var g = step.GradientAt(w);
        return step.GradientAt(() => w + Epsilon(step, g));
    }
}
