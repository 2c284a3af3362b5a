namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class WordPieceVocabularyTests
{
    static readonly string[] _tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "a", "##b", "!", "cafe", "Café", "[", "]", "pad"];

    static readonly string _bert = Golden.PathOf("Texts/Tokens/bert");

    [TestMethod]
    public void WithoutFiles_names_no_folder_and_loads_all_the_same()
    {
        using var files = TokenFiles.WordPiece(_tokens);
        var given = new WordPieceVocabulary(files.Folder, LowerCase: true);
        using var saved = new MemoryStream();
        given.Encoder().Save(saved);
        saved.Position = 0;

        Assert.AreEqual(new WordPieceVocabulary("", LowerCase: true), given.WithoutFiles);
        Assert.AreEqual(new BytePairVocabulary(""), new BytePairVocabulary(files.Folder).WithoutFiles);
        Assert.AreSequenceEqual(new[] { 2, 4, 5, 6, 9, 3 }, given.WithoutFiles.Load(saved).Row("Unaffable!"));
    }

    [TestMethod]
    public void Encode_takes_the_longest_pieces()
    {
        using var files = TokenFiles.WordPiece(_tokens);
        var encoder = new WordPieceVocabulary(files.Folder).Encoder();

        Assert.AreSequenceEqual(new[] { 2, 4, 5, 6, 9, 3 }, encoder.Row("Unaffable!"));
        Assert.AreSequenceEqual(new[] { 2, 7, 8, 8, 3, 10, 3 }, encoder.Row("abb", "café"));
        Assert.AreEqual(5, encoder.Encode("abb", "café", 20).SecondStart);
        Assert.AreEqual(_tokens.Length, encoder.VocabularySize);
        Assert.AreEqual(0, encoder.PadId);
        Assert.AreEqual(5, encoder.MinLength);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" \t\r\n ")]
    [DataRow("\u0000\u0007\u200B")]
    public void Encode_of_a_text_without_words_is_not_empty(string text)
    {
        using var files = TokenFiles.WordPiece(_tokens);
        var encoder = new WordPieceVocabulary(files.Folder).Encoder();

        Assert.AreSequenceEqual(new[] { 2, 3 }, encoder.Row(text));
        Assert.AreSequenceEqual(new[] { 2, 3, 3 }, encoder.Row(text, text));
    }

    [TestMethod]
    public void Encode_of_a_word_that_does_not_come_out_even_is_unknown_as_a_whole()
    {
        using var files = TokenFiles.WordPiece(_tokens);
        Assert.AreSequenceEqual(new[] { 1, 7 }, new WordPieceVocabulary(files.Folder).Encoder().Ids("abbx a"));
    }

    [TestMethod]
    public void Encode_of_a_text_that_spells_the_padding_token_gives_no_padding()
    {
        using var files = TokenFiles.WordPiece(_tokens);
        Assert.AreSequenceEqual(new[] { 12, 14, 13 }, new WordPieceVocabulary(files.Folder).Encoder().Ids("[PAD]"));
    }

    [TestMethod]
    public void Encode_of_10000_letters_is_unknown()
    {
        using var files = TokenFiles.WordPiece(_tokens);
        var encoder = new WordPieceVocabulary(files.Folder).Encoder();

        Assert.HasCount(100, encoder.Ids("a" + new string('b', 99)));
        Assert.AreSequenceEqual(new[] { 1 }, encoder.Ids("a" + new string('b', 100)));
        Assert.AreSequenceEqual(new[] { 1, 7 }, encoder.Ids(new string('b', 10_000) + " a"));
    }

    [TestMethod]
    public void Encode_of_a_long_text_is_cut_within_a_word()
    {
        using var files = TokenFiles.WordPiece(_tokens);
        var encoder = new WordPieceVocabulary(files.Folder).Encoder();
        Assert.AreSequenceEqual(new[] { 2, 7, 4, 5, 3 }, encoder.Encode("a unaffable", null, 5).Ids);
    }

    [TestMethod]
    public void Encode_agrees_with_the_reference()
    {
        var lower = new WordPieceVocabulary(_bert).Encoder();
        var cased = new WordPieceVocabulary(_bert, LowerCase: false).Encoder();
        foreach (var reference in ReferenceTokens.All)
        {
            Assert.AreSequenceEqual(reference.Lower, lower.Ids(reference.Text), reference.Text);
            Assert.AreSequenceEqual(reference.Cased, cased.Ids(reference.Text), reference.Text);
        }
    }

    [TestMethod]
    [DataRow(null, null, 10)]
    [DataRow("{}", null, 10)]
    [DataRow("""{"do_lower_case": null}""", null, 10)]
    [DataRow("""{"do_lower_case": false}""", null, 11)]
    [DataRow("""{"do_lower_case": false}""", true, 10)]
    [DataRow("""{"do_lower_case": true}""", false, 11)]
    [DataRow("""{"do_lower_case": true, "strip_accents": false}""", null, 1)]
    public void LowerCase_is_the_setting_or_the_files(string? config, bool? lowerCase, int id)
    {
        using var files = TokenFiles.WordPiece(_tokens);
        if (config is not null)
            File.WriteAllText(Path.Combine(files.Folder, "tokenizer_config.json"), config);
        Assert.AreSequenceEqual(new[] { id }, new WordPieceVocabulary(files.Folder, lowerCase).Encoder().Ids("Café"));
    }

    [TestMethod]
    public void CreateEncoder_takes_special_tokens_from_the_files()
    {
        using var files = new TokenFiles(
            ("vocab.txt", "<u>\n<s>\n</s>\n<p>\na"),
            ("tokenizer_config.json", """{"cls_token": "<s>", "sep_token": {"content": "</s>", "lstrip": false}, "pad_token": "<p>", "unk_token": "<u>"}"""));
        var encoder = new WordPieceVocabulary(files.Folder).Encoder();

        Assert.AreSequenceEqual(new[] { 1, 4, 0, 2 }, encoder.Row("a b"));
        Assert.AreEqual(3, encoder.PadId);
    }

    [TestMethod]
    public void CreateEncoder_reads_Windows_line_ends_and_gaps_and_lets_the_later_of_two_tokens_count()
    {
        using var files = new TokenFiles(("vocab.txt", "[PAD]\r\n[UNK]\r\na\r\n\r\n[CLS]\r\n[SEP]\r\na\r\n"));
        var encoder = new WordPieceVocabulary(files.Folder).Encoder();

        Assert.AreSequenceEqual(new[] { 4, 6, 5 }, encoder.Row("a"));
        Assert.AreEqual(7, encoder.VocabularySize);
    }

    [TestMethod]
    public void Load_gives_the_same_ids_without_the_files()
    {
        var tokenizer = new WordPieceVocabulary(_bert, LowerCase: false);
        var encoder = tokenizer.Encoder();
        var loaded = new WordPieceVocabulary("nowhere").Reloaded(encoder);

        Assert.AreEqual((encoder.VocabularySize, encoder.PadId), (loaded.VocabularySize, loaded.PadId));
        foreach (var reference in ReferenceTokens.All)
            Assert.AreSequenceEqual(encoder.Row(reference.Text, "x"), loaded.Row(reference.Text, "x"));
    }

    [TestMethod]
    public void CreateEncoder_explains_every_fault()
    {
        var errors = new ErrorText().Add("no folder", () => new WordPieceVocabulary("no/such/folder").Encoder());
        void Add(string what, params (string, string)[] files) => errors.AddFiles(what, folder => new WordPieceVocabulary(folder), files);

        Add("no file");
        Add("empty file", ("vocab.txt", ""));
        Add("no separator", ("vocab.txt", "[PAD]\n[UNK]\n[CLS]"));
        Add("no unknown token", ("vocab.txt", "[PAD]\n[CLS]\n[SEP]"));
        Add("settings not JSON", ("vocab.txt", "[PAD]"), ("tokenizer_config.json", "{"));
        Add("settings not an object", ("vocab.txt", "[PAD]"), ("tokenizer_config.json", "[]"));
        Add("setting of another type", ("vocab.txt", "[PAD]"), ("tokenizer_config.json", """{"do_lower_case": "yes"}"""));
        Add("token of another type", ("vocab.txt", "[PAD]"), ("tokenizer_config.json", """{"cls_token": 7}"""));
        Golden.Matches("Texts/Tokens/WordPieceErrors.txt", errors.ToString());
    }

    [TestMethod]
    public void Load_refuses_a_damaged_vocabulary()
    {
        static void Load(string saved) => new WordPieceVocabulary("").Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(saved)));
        Assert.ThrowsExactly<System.Text.Json.JsonException>(() => Load("""{"Tokens": ["a"]"""));
        Assert.ThrowsExactly<System.Text.Json.JsonException>(() => Load("null"));
        Assert.ThrowsExactly<FormatException>(() => Load("""{"Tokens": ["a"], "LowerCase": true, "StripAccents": true, "SplitIdeographs": true, "Unknown": "a", "Start": "b", "Separator": "a", "Padding": "a"}"""));
    }
}
