namespace Microsoft.ML.SharpnessAware;

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

    public void Save(Stream stream) => SavedVocabulary.Write(stream, _vocabulary);

    IEnumerable<int> Ids(string text) => PlainWords.In(text, _vocabulary.LowerCase).Select(IdOf);

    int IdOf(string word) => _ids.TryGetValue(word, out var id) ? id : FirstWord + _ids.Count + (int)(StableHash.Of(word) % (ulong)_vocabulary.Buckets);
}
