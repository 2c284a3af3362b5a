using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The vocabulary of a BERT, DistilBERT or MiniLM as it is downloaded: <c>vocab.txt</c>, and <c>tokenizer_config.json</c> if there is one. Ids are those of Hugging Face's fast tokenizer, but a text that contains the name of a special token, such as [SEP], is treated as text.</summary>
/// <param name="Folder">The folder of the files.</param>
/// <param name="LowerCase">Whether upper-case letters are treated as lower-case ones, without accents. By default as in <c>tokenizer_config.json</c>, and true if that does not say.</param>
public sealed record WordPieceVocabulary(string Folder, bool? LowerCase = null) : TextTokenizer
{
    /// <summary>The folder of the files.</summary>
    public string Folder { get; init => field = Require.NotNull(value); } = Require.NotNull(Folder);

    /// <summary>What was read already, in place of a folder: the tokens, with the special ones that all of these models have.</summary>
    internal VocabularyLines? Lines { get; init; }

    internal override TextTokenizer WithoutFiles => this with { Folder = "", Lines = null };

    internal override ITokenEncoder CreateEncoder(IEnumerable<string> trainingTexts) => Lines is { } lines
        ? Of(lines)
        : InFolder();

    WordPieceEncoder Of(VocabularyLines lines)
    {
        try
        {
            return new WordPieceEncoder(new WordPieces(lines.Tokens, LowerCase ?? true, StripAccents: LowerCase ?? true, SplitIdeographs: true, "[UNK]", "[CLS]", "[SEP]", "[PAD]"));
        }
        catch (FormatException fault)
        {
            throw new FormatException("The vocabulary cannot be used: it lacks one of the special tokens [UNK], [CLS], [SEP] and [PAD]. Give the vocab.txt of a BERT, a token in each line.", fault);
        }
    }

    ITokenEncoder InFolder() => new TokenizerFolder(Folder).Read("vocab.txt", folder =>
    {
        var config = folder.Config();
        var lowerCase = LowerCase ?? config.Flag("do_lower_case") ?? true;
        return new WordPieceEncoder(new WordPieces(
            folder.Lines("vocab.txt"),
            lowerCase,
            StripAccents: config.Flag("strip_accents") ?? lowerCase,
            SplitIdeographs: config.Flag("tokenize_chinese_chars") ?? true,
            Unknown: config.Token("unk_token") ?? "[UNK]",
            Start: config.Token("cls_token") ?? "[CLS]",
            Separator: config.Token("sep_token") ?? "[SEP]",
            Padding: config.Token("pad_token") ?? "[PAD]"));
    });

    internal override ITokenEncoder Load(Stream saved) => new WordPieceEncoder(SavedVocabulary.Read<WordPieces>(saved));
}

/// <summary>The tokens of a vocabulary, each with its place as its id; the same where the tokens are.</summary>
internal sealed class VocabularyLines(string[] tokens) : IEquatable<VocabularyLines>
{
    public string[] Tokens => tokens;

    /// <summary>Reads vocab.txt, a token in each line.</summary>
    public static VocabularyLines Read(TextReader reader) => new(reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));

    public bool Equals(VocabularyLines? other) => other is not null && tokens.AsSpan().SequenceEqual(other.Tokens);

    public override bool Equals(object? obj) => Equals(obj as VocabularyLines);

    public override int GetHashCode() => tokens.Length;
}

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

    public WordPlace?[] Places(string first, string? second, int maxLength) => _layout.Places(Words(first), second is null ? null : Words(second), maxLength);

    public void Save(Stream stream) => SavedVocabulary.Write(stream, _vocabulary);

    IEnumerable<int> Ids(string text) => _words.In(text).SelectMany(IdsOf);

    IEnumerable<SourceWord> Words(string text) => _words.Located(text).SelectMany(word => IdsOf(word.Text).Select(_ => word));

    IReadOnlyList<int> IdsOf(string word) => word.Length > LongestWord && word.EnumerateRunes().Count() > LongestWord
        ? [_pieces.UnknownTokenId]
        : _pieces.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false);

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

/// <summary>What a <see cref="WordPieceEncoder"/> is made of, and saved as. A token's place is its id; of a token that occurs twice, the later place counts.</summary>
internal sealed record WordPieces(string[] Tokens, bool LowerCase, bool StripAccents, bool SplitIdeographs, string Unknown, string Start, string Separator, string Padding);
