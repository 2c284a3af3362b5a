namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class BytePairVocabularyTests
{
    static readonly string[] _tokens = ["<s>", "<pad>", "</s>", "a", "b", "c", "Ġ", "ab", "Ġa", "Ġab", "abc", "Ã", "©", "Ã©", "<", ">", "p", "d"];
    static readonly string[] _merges = ["a b", "Ġ a", "Ġ ab", "ab c", "Ã ©"];

    static readonly string _roberta = Golden.PathOf("Texts/Tokens/roberta");

    [TestMethod]
    public void Encode_merges_bytes_in_the_order_of_the_list()
    {
        using var files = TokenFiles.BytePair(_tokens, _merges);
        var encoder = new BytePairVocabulary(files.Folder).Encoder();

        Assert.AreSequenceEqual(new[] { 0, 10, 9, 8, 2 }, encoder.Row("abc ab a"));
        Assert.AreSequenceEqual(new[] { 0, 13, 2, 2, 6, 9, 2 }, encoder.Row("é", "  ab"));
        Assert.AreEqual(4, encoder.Encode("é", "  ab", 20).SecondStart);
        Assert.AreEqual(_tokens.Length, encoder.VocabularySize);
        Assert.AreEqual(1, encoder.PadId);
        Assert.AreEqual(6, encoder.MinLength);
    }

    [TestMethod]
    public void Encode_of_no_text_is_not_empty()
    {
        using var files = TokenFiles.BytePair(_tokens, _merges);
        var encoder = new BytePairVocabulary(files.Folder).Encoder();

        Assert.AreSequenceEqual(new[] { 0, 2 }, encoder.Row(""));
        Assert.AreSequenceEqual(new[] { 0, 2, 2, 2 }, encoder.Row("", ""));
        Assert.AreSequenceEqual(new[] { 0, 6, 6, 2 }, encoder.Row("  "));
    }

    [TestMethod]
    public void Encode_of_a_text_that_spells_the_padding_token_gives_no_padding()
    {
        using var files = TokenFiles.BytePair(_tokens, _merges);
        Assert.AreSequenceEqual(new[] { 14, 16, 3, 17, 15 }, new BytePairVocabulary(files.Folder).Encoder().Ids("<pad>"));
    }

    [TestMethod]
    public void Encode_of_10000_letters_merges_them_all()
    {
        using var files = TokenFiles.BytePair(_tokens, _merges);
        var encoder = new BytePairVocabulary(files.Folder).Encoder();

        var ids = encoder.Ids(string.Concat(Enumerable.Repeat("abcab", 2000)));
        Assert.AreSequenceEqual(Enumerable.Repeat(new[] { 10, 7 }, 2000).SelectMany(pair => pair), ids);
    }

    [TestMethod]
    public void Encode_agrees_with_the_reference()
    {
        var encoder = new BytePairVocabulary(_roberta).Encoder();
        foreach (var reference in ReferenceTokens.All)
            Assert.AreSequenceEqual(reference.BytePairs, encoder.Ids(reference.Text), reference.Text);
    }

    [TestMethod]
    public void Encode_reads_half_of_a_surrogate_pair_as_the_replacement_character()
    {
        var encoder = new BytePairVocabulary(_roberta).Encoder();
        Assert.AreSequenceEqual(encoder.Ids("a\uFFFDb"), encoder.Ids("a\uD83Db"));
    }

    [TestMethod]
    public void Encode_in_many_threads_gives_the_same()
    {
        var encoder = new BytePairVocabulary(_roberta).Encoder();
        Parallel.ForEach(Enumerable.Repeat(ReferenceTokens.All, 8), references =>
        {
            foreach (var reference in references)
                Assert.AreSequenceEqual(reference.BytePairs, encoder.Ids(reference.Text), reference.Text);
        });
    }

    [TestMethod]
    public void CreateEncoder_of_GPT_2_has_one_special_token_and_a_new_one_for_padding()
    {
        using var files = TokenFiles.BytePair(["a", "b", "ab", "<|endoftext|>"], "a b");
        var encoder = new BytePairVocabulary(files.Folder).Encoder();

        Assert.AreSequenceEqual(new[] { 3, 2, 3, 1, 3 }, encoder.Row("ab", "b"));
        Assert.AreEqual(4, encoder.PadId);
        Assert.AreEqual(5, encoder.VocabularySize);
    }

    [TestMethod]
    public void CreateEncoder_does_not_pad_with_a_token_that_stands_in_rows()
    {
        using var files = new TokenFiles(
            ("vocab.json", """{"<|endoftext|>": 7, "a": 0}"""),
            ("merges.txt", ""),
            ("tokenizer_config.json", """{"bos_token": "<|endoftext|>", "eos_token": {"content": "<|endoftext|>"}, "pad_token": "<|endoftext|>"}"""));
        var encoder = new BytePairVocabulary(files.Folder).Encoder();

        Assert.AreSequenceEqual(new[] { 7, 0, 7 }, encoder.Row("a"));
        Assert.AreEqual((8, 9), (encoder.PadId, encoder.VocabularySize));
    }

    [TestMethod]
    public void CreateEncoder_puts_a_space_before_the_text_where_the_files_say_so()
    {
        using var files = TokenFiles.BytePair(_tokens, _merges);
        File.WriteAllText(Path.Combine(files.Folder, "tokenizer_config.json"), """{"add_prefix_space": true}""");
        var encoder = new BytePairVocabulary(files.Folder).Encoder();

        Assert.AreSequenceEqual(new[] { 0, 9, 2, 2, 9, 2 }, encoder.Row("ab", " ab"));
        Assert.AreSequenceEqual(new[] { 0, 2 }, encoder.Row(""));
    }

    [TestMethod]
    public void Load_gives_the_same_ids_without_the_files()
    {
        var encoder = new BytePairVocabulary(_roberta).Encoder();
        var loaded = new BytePairVocabulary("nowhere").Reloaded(encoder);

        Assert.AreEqual((encoder.VocabularySize, encoder.PadId), (loaded.VocabularySize, loaded.PadId));
        foreach (var reference in ReferenceTokens.All)
            Assert.AreSequenceEqual(encoder.Row(reference.Text, "x"), loaded.Row(reference.Text, "x"));
    }

    [TestMethod]
    public void CreateEncoder_explains_every_fault()
    {
        const string Vocabulary = """{"<s>": 0, "</s>": 1, "a": 2, "b": 3}""";
        var errors = new ErrorText();
        void Add(string what, params (string, string)[] files) => errors.AddFiles(what, folder => new BytePairVocabulary(folder), files);

        Add("no vocabulary", ("merges.txt", ""));
        Add("no merges", ("vocab.json", Vocabulary));
        Add("vocabulary not JSON", ("vocab.json", "<s> 0"), ("merges.txt", ""));
        Add("vocabulary not an object", ("vocab.json", "[]"), ("merges.txt", ""));
        Add("vocabulary of texts", ("vocab.json", """{"a": "0"}"""), ("merges.txt", ""));
        Add("empty vocabulary", ("vocab.json", "{}"), ("merges.txt", ""));
        Add("no end", ("vocab.json", """{"<s>": 0}"""), ("merges.txt", ""));
        Add("two tokens with one id", ("vocab.json", """{"<s>": 0, "</s>": 0}"""), ("merges.txt", ""));
        Add("negative id", ("vocab.json", """{"<s>": 0, "</s>": -1}"""), ("merges.txt", ""));
        Add("merge of three", ("vocab.json", Vocabulary), ("merges.txt", "a b a"));
        Add("merge of one", ("vocab.json", Vocabulary), ("merges.txt", "a "));
        Add("merge of an unknown token", ("vocab.json", Vocabulary), ("merges.txt", "#version: 0.2\na c\n"));
        Add("merge to an unknown token", ("vocab.json", Vocabulary), ("merges.txt", "a b"));
        Add("merge twice", ("vocab.json", """{"<s>": 0, "</s>": 1, "a": 2, "aa": 3}"""), ("merges.txt", "a a\na a"));
        Golden.Matches("Texts/Tokens/BytePairErrors.txt", errors.ToString());
    }
}
