namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LearnedVocabularyTests
{
    const int Start = 1, Separator = 2, FirstWord = 3;

    [TestMethod]
    public void CreateEncoder_gives_frequent_words_a_place_the_most_frequent_first()
    {
        var encoder = new LearnedVocabulary(MinCount: 2, Buckets: 10).Encoder("b a b", "c a b d", "D");

        Assert.AreEqual(FirstWord + 3 + 10, encoder.VocabularySize);
        Assert.AreSequenceEqual(new[] { Start, 3, 4, 5, Separator }, encoder.Row("b a d"));
        Assert.AreSequenceEqual(new[] { Start, 4, Separator, 3, 3, Separator }, encoder.Row("a", "b B"));
        Assert.AreEqual(3, encoder.Encode("a", "b", 10).SecondStart);
        Assert.AreEqual(0, encoder.PadId);
    }

    [TestMethod]
    public void Encode_hashes_other_words_into_the_buckets()
    {
        const int Buckets = 10;
        var encoder = new LearnedVocabulary(MinCount: 2, Buckets: Buckets).Encoder("a a");

        var words = Enumerable.Range(0, 1000).Select(i => $"word{i}").ToArray();
        var ids = encoder.Ids(string.Join(' ', words));

        Assert.AreSequenceEqual(words.Select(word => FirstWord + 1 + (int)(StableHash.Of(word) % Buckets)), ids);
        Assert.HasCount(Buckets, ids.Distinct());
        Assert.IsTrue(ids.All(id => id < encoder.VocabularySize));
    }

    [TestMethod]
    public void Encode_with_one_bucket_has_one_unknown_word() =>
        Assert.AreSequenceEqual(new[] { 3, 4, 4 }, new LearnedVocabulary(MinCount: 1, Buckets: 1).Encoder("a").Ids("a b 👍"));

    [TestMethod]
    public void CreateEncoder_keeps_no_more_than_MaxWords_and_settles_ties_by_the_word()
    {
        var encoder = new LearnedVocabulary(MinCount: 1, Buckets: 1, MaxWords: 2).Encoder("z é b a b");
        Assert.AreSequenceEqual(new[] { 3, 4, 5, 5 }, encoder.Ids("b a z é"));
    }

    [TestMethod]
    public void CreateEncoder_with_capitals_tells_them_apart()
    {
        var encoder = new LearnedVocabulary(MinCount: 1, Buckets: 1, LowerCase: false).Encoder("Apple apple Apple");
        Assert.AreSequenceEqual(new[] { 3, 4, 5 }, encoder.Ids("Apple apple APPLE"));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" \t\r\n\u3000 ")]
    [DataRow("\u0000\u0007\u200B")]
    public void Encode_of_a_text_without_words_is_not_empty(string text)
    {
        var encoder = new LearnedVocabulary().Encoder();
        Assert.AreSequenceEqual(new[] { Start, Separator }, encoder.Row(text));
        Assert.AreSequenceEqual(new[] { Start, Separator, Separator }, encoder.Row(text, text));
    }

    [TestMethod]
    public void Encode_of_10000_letters_is_one_word()
    {
        var word = new string('x', 10_000);
        Assert.AreSequenceEqual(new[] { 3, 4 }, new LearnedVocabulary(Buckets: 1).Encoder(word, word).Ids($"{word} {word}x"));
    }

    [TestMethod]
    public void Load_gives_the_same_ids()
    {
        var texts = ReferenceTokens.All.Select(reference => reference.Text).ToArray();
        var tokenizer = new LearnedVocabulary(MinCount: 1, MaxWords: 50, Buckets: 7, LowerCase: false);
        var encoder = tokenizer.Encoder(texts);
        var loaded = new LearnedVocabulary().Reloaded(encoder);

        Assert.AreEqual(encoder.VocabularySize, loaded.VocabularySize);
        foreach (var text in texts)
            Assert.AreSequenceEqual(encoder.Row(text, "x"), loaded.Row(text, "x"), text);
    }

    [TestMethod]
    public void Load_refuses_a_damaged_vocabulary()
    {
        static void Load(string saved) => new LearnedVocabulary().Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(saved)));
        Assert.AreEqual("the vocabulary has the word 'a' twice", Assert.ThrowsExactly<FormatException>(() => Load("""{"Words": ["a", "a"], "Buckets": 1, "LowerCase": true}""")).Message);
        Assert.AreEqual("the vocabulary has 0 buckets", Assert.ThrowsExactly<FormatException>(() => Load("""{"Words": [], "Buckets": 0, "LowerCase": true}""")).Message);
        Assert.ThrowsExactly<System.Text.Json.JsonException>(() => Load("{"));
    }

    [TestMethod]
    public void Settings_out_of_range_are_refused_by_name()
    {
        var errors = new ErrorText()
            .Add("MinCount", () => _ = new LearnedVocabulary(MinCount: 0))
            .Add("Buckets", () => _ = new LearnedVocabulary(Buckets: 0))
            .Add("MaxWords", () => _ = new LearnedVocabulary { MaxWords = -1 });
        Golden.Matches("Texts/Tokens/LearnedVocabularyErrors.txt", errors.ToString());
    }
}
