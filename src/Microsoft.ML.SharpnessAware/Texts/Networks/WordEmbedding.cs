namespace Microsoft.ML.SharpnessAware;

/// <summary>A vector for each token, from scratch. That of padding is 0 and stays so.</summary>
internal static class WordEmbedding
{
    /// <param name="input">The vocabulary.</param>
    /// <param name="width">Numbers for each token.</param>
    /// <param name="draw">Fills the table.</param>
    public static nn.Module<Tensor, Tensor> Of(TextShape input, int width, Action<Tensor> draw)
    {
        var words = nn.Embedding(input.Vocabulary, width, padding_idx: input.PadId);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var table in words.parameters())
        {
            draw(table);
            table.select(0, input.PadId).fill_(0);
        }
        return words;
    }
}
