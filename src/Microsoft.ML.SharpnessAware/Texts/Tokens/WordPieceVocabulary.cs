namespace Microsoft.ML.SharpnessAware;

/// <summary>The vocabulary of a BERT, DistilBERT or MiniLM as people download it: <c>vocab.txt</c>, and <c>tokenizer_config.json</c> if there is one. Ids are those of Hugging Face's fast tokenizer, but a text that spells a special token, such as [SEP], is only text.</summary>
/// <param name="Folder">Where the files lie.</param>
/// <param name="LowerCase">Whether capital letters are the same as small ones, and accents are left out with them. By default as <c>tokenizer_config.json</c> says, and so if it says nothing.</param>
public sealed record WordPieceVocabulary(string Folder, bool? LowerCase = null) : TextTokenizer
{
    /// <summary>Where the files lie.</summary>
    public string Folder { get; init => field = Require.NotNull(value); } = Require.NotNull(Folder);

    internal override TextTokenizer WithoutFiles => this with { Folder = "" };

    internal override ITokenEncoder CreateEncoder(IEnumerable<string> trainingTexts) => new TokenizerFolder(Folder).Read("vocab.txt", folder =>
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
