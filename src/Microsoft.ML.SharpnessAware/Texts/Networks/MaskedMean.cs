namespace Microsoft.ML.SharpnessAware;

/// <summary>The mean over the tokens of each text.</summary>
internal static class MaskedMean
{
    /// <param name="hidden">[N, L, width].</param>
    /// <param name="present">True on tokens, [N, L].</param>
    public static Tensor Of(Tensor hidden, Tensor present)
    {
        using var scope = NewDisposeScope();
        var counted = present.unsqueeze(-1).to_type(hidden.dtype);
        return ((hidden * counted).sum(1) / counted.sum(1)).MoveToOuterDisposeScope();
    }
}
