using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The words of the training texts, for networks from scratch. A word is a run of letters and digits, or one other character, such as a comma or 👍; in Chinese, Japanese, Thai, Lao, Burmese and Khmer, each letter is a word.</summary>
/// <param name="MinCount">How often a word must occur to get its own id; 2 by default.</param>
/// <param name="Buckets">The number of ids that all other words share, by a hash of the word; 1000 by default. With 1, they are all the same unknown word.</param>
/// <param name="LowerCase">Whether upper-case letters are treated as lower-case ones; true by default.</param>
/// <param name="MaxWords">The largest number of words with their own id, the most frequent ones; 30,000 by default.</param>
public sealed record LearnedVocabulary(int MinCount = 2, int Buckets = 1000, bool LowerCase = true, int MaxWords = 30_000) : TextTokenizer
{
    /// <summary>How often a word must occur to get its own id.</summary>
    public int MinCount { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, MinCount);

    /// <summary>The number of ids that all other words share.</summary>
    public int Buckets { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Buckets);

    /// <summary>The largest number of words with their own id.</summary>
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

/// <summary>Ids: padding, start, separator, then the words, then the buckets.</summary>
internal sealed class LearnedEncoder : ITokenEncoder
{
    const int Padding = 0, Start = 1, Separator = 2, FirstWord = 3;

    static readonly TokenLayout _layout = new([Start], [Separator], [Separator]);

    readonly LearnedWords _vocabulary;
    readonly Dictionary<string, int> _ids = [];

    /// <exception cref="FormatException">A word occurs twice, or there is no bucket.</exception>
    public LearnedEncoder(LearnedWords vocabulary)
    {
        if (vocabulary.Buckets < 1)
            throw new FormatException($"the vocabulary has {vocabulary.Buckets} buckets");
        foreach (var word in vocabulary.Words)
            if (!_ids.TryAdd(word, FirstWord + _ids.Count))
                throw new FormatException($"the vocabulary has the word '{word}' twice");
        _vocabulary = vocabulary;
    }

    public int VocabularySize => FirstWord + _ids.Count + _vocabulary.Buckets;

    public int PadId => Padding;

    public int MinLength => _layout.MinLength;

    public TokenRow Encode(string first, string? second, int maxLength) => _layout.Row(Ids(first), second is null ? null : Ids(second), maxLength);

    public WordPlace?[] Places(string first, string? second, int maxLength) => _layout.Places(Words(first), second is null ? null : Words(second), maxLength);

    public void Save(Stream stream) => SavedVocabulary.Write(stream, _vocabulary);

    IEnumerable<SourceWord> Words(string text) => PlainWords.Located(text, _vocabulary.LowerCase);

    IEnumerable<int> Ids(string text) => PlainWords.In(text, _vocabulary.LowerCase).Select(IdOf);

    int IdOf(string word) => _ids.TryGetValue(word, out var id) ? id : FirstWord + _ids.Count + (int)(StableHash.Of(word) % (ulong)_vocabulary.Buckets);
}

/// <summary>What a <see cref="LearnedEncoder"/> is made of, and saved as: words, most frequent first, and how many buckets the others share.</summary>
internal sealed record LearnedWords(string[] Words, int Buckets, bool LowerCase);

/// <summary>The same number for the same text on every machine: 64-bit FNV-1a over UTF-8, draft-eastlake-fnv.</summary>
internal static class StableHash
{
    const ulong Basis = 14695981039346656037;
    const ulong Prime = 1099511628211;

    public static ulong Of(string text)
    {
        var hash = Basis;
        foreach (var value in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ value) * Prime);
        return hash;
    }
}
