namespace Microsoft.ML.SharpnessAware;

/// <summary>The words of the training texts, for networks that begin with nothing. A word is a run of letters and digits, or one other character, such as a comma or 👍; in Chinese, Japanese, Thai, Lao, Burmese and Khmer, each letter is one.</summary>
/// <param name="MinCount">How often a word must occur to have a place of its own; 2 by default.</param>
/// <param name="Buckets">The places that all other words share, each word always the same one; 1000 by default. With 1, they are all the same unknown word.</param>
/// <param name="LowerCase">Whether capital letters are the same as small ones; so by default.</param>
/// <param name="MaxWords">At most so many words have a place of their own: the most frequent ones; 30,000 by default.</param>
public sealed record LearnedVocabulary(int MinCount = 2, int Buckets = 1000, bool LowerCase = true, int MaxWords = 30_000) : TextTokenizer
{
    /// <summary>How often a word must occur to have a place of its own.</summary>
    public int MinCount { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, MinCount);

    /// <summary>The places that all other words share.</summary>
    public int Buckets { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Buckets);

    /// <summary>The most words that have a place of their own.</summary>
    public int MaxWords { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, MaxWords);

    internal override ITokenEncoder CreateEncoder(IEnumerable<string> trainingTexts)
    {
        var counts = new Dictionary<string, int>();
        foreach (var text in trainingTexts)
            foreach (var word in PlainWords.In(text, LowerCase))
                counts[word] = counts.GetValueOrDefault(word) + 1;

        var frequent = counts
            .Where(word => word.Value >= MinCount)
            .OrderByDescending(word => word.Value)
            .ThenBy(word => word.Key, StringComparer.Ordinal)
            .Take(MaxWords)
            .Select(word => word.Key);
        return new LearnedEncoder(new LearnedWords([.. frequent], Buckets, LowerCase));
    }

    internal override ITokenEncoder Load(Stream saved) => new LearnedEncoder(SavedVocabulary.Read<LearnedWords>(saved));
}
