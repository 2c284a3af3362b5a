namespace Microsoft.ML.SharpnessAware;

/// <summary>Applies another rule in the first of every K steps, and plain training, with one pass, in the others.</summary>
/// <param name="Inner">The rule of every K-th step; <see cref="Sam"/> by default.</param>
/// <param name="K">Steps from one to the next; 10 by default.</param>
public sealed record EveryK(SharpnessRule? Inner = null, int K = 10) : SharpnessRule
{
    /// <summary>The rule of every K-th step.</summary>
    public SharpnessRule Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>Steps from one to the next; 1 is <see cref="Inner"/> itself.</summary>
    public int K { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, K);

    /// <inheritdoc/>
    public override Tensor Direction(SamStep step) =>
        step.IsDueEvery(K) ? Inner.Direction(step.Within(nameof(Inner))) : step.GradientAt(step.Weights);
}
