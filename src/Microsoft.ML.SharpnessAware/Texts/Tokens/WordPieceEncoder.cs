using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.SharpnessAware;

/// <summary>BERT's: [CLS] a [SEP], or [CLS] a [SEP] b [SEP].</summary>
internal sealed class WordPieceEncoder : ITokenEncoder
{
    /// <summary>In code points; a longer word is unknown.</summary>
    const int LongestWord = 100;

    const int MaxUtf16Length = 2;

    readonly WordPieces _vocabulary;
    readonly TokenLayout _layout;
    readonly BertWords _words;
    readonly WordPieceTokenizer _pieces;

    /// <exception cref="FormatException">A special token is missing.</exception>
    public WordPieceEncoder(WordPieces vocabulary)
    {
        var separator = IdOf(vocabulary.Separator);
        PadId = IdOf(vocabulary.Padding);
        _vocabulary = vocabulary;
        _layout = new TokenLayout([IdOf(vocabulary.Start)], [separator], [separator]);
        _words = new BertWords(vocabulary.LowerCase, vocabulary.StripAccents, vocabulary.SplitIdeographs);
        _ = IdOf(vocabulary.Unknown);
        _pieces = WordPieceTokenizer.Create(Lines(vocabulary.Tokens), new WordPieceOptions
        {
            UnknownToken = vocabulary.Unknown,
            MaxInputCharsPerWord = LongestWord * MaxUtf16Length,
        });

        int IdOf(string token) => Array.LastIndexOf(vocabulary.Tokens, token) is >= 0 and var id ? id : throw new FormatException($"the vocabulary has no special token '{token}'; tokenizer_config.json may name others");
    }

    public int VocabularySize => _vocabulary.Tokens.Length;

    public int PadId { get; }

    public int MinLength => _layout.MinLength;

    public TokenRow Encode(string first, string? second, int maxLength) => _layout.Row(Ids(first), second is null ? null : Ids(second), maxLength);

    public void Save(Stream stream) => SavedVocabulary.Write(stream, _vocabulary);

    IEnumerable<int> Ids(string text) => _words.In(text).SelectMany(word =>
        word.Length > LongestWord && word.EnumerateRunes().Count() > LongestWord
            ? [_pieces.UnknownTokenId]
            : _pieces.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));

    /// <summary>The tokens as vocab.txt has them; an earlier one of the same becomes an empty line, which counts but is no token.</summary>
    static MemoryStream Lines(string[] tokens)
    {
        var last = new Dictionary<string, int>();
        for (var id = 0; id < tokens.Length; id++)
            last[tokens[id]] = id;

        var lines = new MemoryStream();
        using (var writer = new StreamWriter(lines, leaveOpen: true))
            for (var id = 0; id < tokens.Length; id++)
                writer.WriteLine(last[tokens[id]] == id ? tokens[id] : "");
        lines.Position = 0;
        return lines;
    }
}
