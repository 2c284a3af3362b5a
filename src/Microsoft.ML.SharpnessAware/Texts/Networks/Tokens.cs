namespace Microsoft.ML.SharpnessAware;

/// <summary>What a batch of texts [N, 2, L] says.</summary>
internal readonly struct Tokens(Tensor texts, int padId)
{
    /// <summary>[N, L].</summary>
    public Tensor Ids => texts.select(1, 0);

    /// <summary>0 for tokens of the first sentence, 1 for those of the second; [N, L].</summary>
    public Tensor Sentences => texts.select(1, 1);

    /// <summary>True on the tokens of each text, [N, L]. Its first place always counts: a text without a word is one padding token, not a mean of nothing.</summary>
    public Tensor Present()
    {
        using var scope = NewDisposeScope();
        var present = Ids.ne(padId);
        present.select(1, 0).fill_(true);
        return present.MoveToOuterDisposeScope();
    }

    /// <summary>Where tokens stand: 0, 1, 2 and so on, [L].</summary>
    public Tensor Places() => arange(texts.shape[2], dtype: ScalarType.Int64, device: texts.device);

    /// <summary>The same counted from beyond the padding's id on, which is the place of padding; [N, L].</summary>
    public Tensor PlacesAfterPadding()
    {
        using var scope = NewDisposeScope();
        var real = Ids.ne(padId).to_type(ScalarType.Int64);
        return (real.cumsum(1) * real + padId).MoveToOuterDisposeScope();
    }
}
