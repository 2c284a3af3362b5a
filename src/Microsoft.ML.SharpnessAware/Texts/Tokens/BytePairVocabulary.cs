using System.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The vocabulary of a RoBERTa or GPT-2 as it is downloaded: <c>vocab.json</c> and <c>merges.txt</c>, and <c>tokenizer_config.json</c> if there is one. Ids are those of Hugging Face's fast tokenizer, but a text that contains the name of a special token, such as &lt;/s&gt;, is treated as text.</summary>
/// <param name="Folder">The folder of the files.</param>
public sealed record BytePairVocabulary(string Folder) : TextTokenizer
{
    /// <summary>The folder of the files.</summary>
    public string Folder { get; init => field = Require.NotNull(value); } = Require.NotNull(Folder);

    internal override TextTokenizer WithoutFiles => this with { Folder = "" };

    internal override ITokenEncoder CreateEncoder(IEnumerable<string> trainingTexts) => new TokenizerFolder(Folder).Read("vocab.json and merges.txt", folder =>
    {
        var config = folder.Config();
        var tokens = folder.Ids("vocab.json");
        return new BytePairEncoder(new BytePairs(
            tokens,
            [.. folder.Lines("merges.txt").Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))],
            PrefixSpace: config.Flag("add_prefix_space") ?? false,
            Start: config.Token("cls_token") ?? config.Token("bos_token") ?? Known("<s>"),
            Separator: config.Token("sep_token") ?? config.Token("eos_token") ?? Known("</s>"),
            Padding: config.Token("pad_token") ?? "<pad>"));

        // GPT-2 has one special token for all.
        string Known(string token) => !tokens.ContainsKey(token) && tokens.ContainsKey("<|endoftext|>") ? "<|endoftext|>" : token;
    });

    internal override ITokenEncoder Load(Stream saved) => new BytePairEncoder(SavedVocabulary.Read<BytePairs>(saved));
}

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

    public WordPlace?[] Places(string first, string? second, int maxLength) => _layout.Places(Words(first), second is null ? null : Words(second), maxLength);

    public void Save(Stream stream) => SavedVocabulary.Write(stream, _vocabulary);

    IEnumerable<int> Ids(string text)
    {
        var prepared = WithPrefixSpace(WellFormed(text));
        return GptWords.In(prepared).SelectMany(word => IdsOf(prepared.AsSpan(word)));
    }

    // Without the space before a word, which belongs to it here, and without the one that was put before the text.
    IEnumerable<SourceWord> Words(string text)
    {
        var prepared = WithPrefixSpace(WellFormed(text));
        var added = prepared.Length - text.Length;
        return GptWords.In(prepared).SelectMany(word =>
        {
            var (start, length) = word.GetOffsetAndLength(prepared.Length);
            var space = length > 1 && prepared[start] == ' ' ? 1 : 0;
            var source = new SourceWord(prepared.Substring(start, length), Math.Max(0, start + space - added), start + length - added);
            return IdsOf(prepared.AsSpan(word)).Select(_ => source);
        });
    }

    IReadOnlyList<int> IdsOf(ReadOnlySpan<char> word) => _pairs.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false);

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

/// <summary>What a <see cref="BytePairEncoder"/> is made of, and saved as. A merge is two tokens with a space between; the first merge comes first.</summary>
internal sealed record BytePairs(Dictionary<string, int> Tokens, string[] Merges, bool PrefixSpace, string Start, string Separator, string Padding);
