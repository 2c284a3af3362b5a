using System.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.SharpnessAware;

/// <summary>RoBERTa's: &lt;s&gt; a &lt;/s&gt;, or &lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt;. GPT-2's one special token stands at the start, between, and at the end.</summary>
internal sealed class BytePairEncoder : ITokenEncoder
{
    readonly BytePairs _vocabulary;
    readonly TokenLayout _layout;
    readonly BpeTokenizer _pairs;

    /// <exception cref="FormatException">The parts contradict each other, or a special token is missing.</exception>
    public BytePairEncoder(BytePairs vocabulary)
    {
        var (start, separator) = (IdOf(vocabulary.Start), IdOf(vocabulary.Separator));
        CheckIds(vocabulary.Tokens);
        CheckMerges(vocabulary);

        VocabularySize = vocabulary.Tokens.Values.Max() + 1;
        // Padding must be told from what a row holds: where the vocabulary has no token for it, it is a new one.
        if (vocabulary.Tokens.TryGetValue(vocabulary.Padding, out var padding) && padding != start && padding != separator)
            PadId = padding;
        else
            PadId = VocabularySize++;

        _vocabulary = vocabulary;
        _layout = new TokenLayout([start], start == separator ? [separator] : [separator, separator], [separator]);
        _pairs = BpeTokenizer.Create(new BpeOptions(vocabulary.Tokens) { Merges = vocabulary.Merges, ByteLevel = true });

        int IdOf(string token) => vocabulary.Tokens.TryGetValue(token, out var id) ? id : throw new FormatException($"the vocabulary has no special token '{token}'; tokenizer_config.json may name others");
    }

    public int VocabularySize { get; }

    public int PadId { get; }

    public int MinLength => _layout.MinLength;

    public TokenRow Encode(string first, string? second, int maxLength) => _layout.Row(Ids(first), second is null ? null : Ids(second), maxLength);

    public void Save(Stream stream) => SavedVocabulary.Write(stream, _vocabulary);

    IEnumerable<int> Ids(string text)
    {
        var prepared = WithPrefixSpace(WellFormed(text));
        return GptWords.In(prepared).SelectMany(word => _pairs.EncodeToIds(prepared.AsSpan(word), considerPreTokenization: false, considerNormalization: false));
    }

    string WithPrefixSpace(string text) => _vocabulary.PrefixSpace && text.Length > 0 && text[0] != ' ' ? " " + text : text;

    /// <summary>The text with U+FFFD in place of halves of surrogate pairs, which UTF-8 cannot hold.</summary>
    static string WellFormed(string text) =>
        text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    static void CheckIds(Dictionary<string, int> tokens)
    {
        var seen = new Dictionary<int, string>();
        foreach (var (token, id) in tokens)
        {
            if (id < 0)
                throw new FormatException($"the id of '{token}' is {id}");
            if (!seen.TryAdd(id, token))
                throw new FormatException($"'{seen[id]}' and '{token}' have the same id, {id}");
        }
    }

    static void CheckMerges(BytePairs vocabulary)
    {
        var seen = new HashSet<string>();
        foreach (var merge in vocabulary.Merges)
        {
            if (merge.Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw new FormatException($"the merge '{merge}' is not two tokens with one space between");
            foreach (var token in new[] { left, right, left + right })
                if (!vocabulary.Tokens.ContainsKey(token))
                    throw new FormatException($"the merge '{merge}' needs the token '{token}', which the vocabulary has not");
            if (!seen.Add(merge))
                throw new FormatException($"the merge '{merge}' occurs twice");
        }
    }
}
