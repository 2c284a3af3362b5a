namespace Microsoft.ML.SharpnessAware;

/// <summary>VaSSO: climbs along a running mean d of the gradients, which has less noise than the gradient of one batch. Li and Giannakis 2023, arXiv:2309.15639.</summary>
/// <remarks>As in the authors' code, the first step sets d = g.</remarks>
/// <param name="Inner">How d becomes ε; <see cref="Sam"/> by default, as in the paper.</param>
/// <param name="Theta">The share of the gradient of the batch in d; 0.9 in the authors' example, 1 is <see cref="Inner"/> itself.</param>
public sealed record Vasso(Ascent? Inner = null, double Theta = 0.9) : Ascent
{
    /// <summary>How d becomes ε.</summary>
    public Ascent Inner { get; init => field = Require.NotNull(value); } = Inner ?? new Sam();

    /// <summary>The share of the gradient of the batch in d.</summary>
    public double Theta { get; init => field = Require.Probability(value); } = Require.Probability(Theta);

    /// <inheritdoc/>
    protected override Tensor Find(SamStep step, Tensor g)
    {
        var d = step.Recall("d") is { } old ? (1 - Theta) * old + Theta * g : g;
        step.Remember("d", d);
        return Inner.Epsilon(step.Within(nameof(Inner)), d);
    }
}
