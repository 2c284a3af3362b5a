namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Texts as networks get them.</summary>
static class TextRows
{
    /// <param name="texts">The ids of each text.</param>
    /// <param name="sentences">Which sentence each is of; null: all of the first.</param>
    /// <param name="padId">What fills up.</param>
    /// <param name="length">To how many tokens; null: to the longest text's.</param>
    public static Tensor Of(long[][] texts, long[][]? sentences = null, int padId = 0, int? length = null)
    {
        var width = length ?? texts.Max(text => text.Length);
        var rows = texts.SelectMany((text, i) => Filled(text, width, padId).Concat(Filled(sentences?[i] ?? new long[text.Length], width, 0)));
        return tensor(rows.ToArray()).view(texts.Length, 2, width);
    }

    static IEnumerable<long> Filled(long[] ids, int length, long padId) => ids.Concat(Enumerable.Repeat(padId, length - ids.Length));
}
