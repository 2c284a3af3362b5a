namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Where in a text the word of each token stands.</summary>
[TestClass]
public class WordPlaceTests
{
    [TestMethod]
    [DataRow("Hello, WORLD", "Hello|,|WORLD")]
    [DataRow("  café cafe\u0301 x", "café|cafe\u0301|x")]
    [DataRow("don't 東京 👩‍👩‍👧!", "don't|東|京|👩‍👩‍👧|!")]
    [DataRow("", "")]
    public void Places_of_plain_words_are_theirs_in_the_text(string text, string words)
    {
        var encoder = new LearnedVocabulary(MinCount: 1, Buckets: 5).CreateEncoder([text]);
        AssertPlaces(encoder, text, words);
    }

    [TestMethod]
    public void Places_count_half_of_a_surrogate_pair_as_one()
    {
        var places = new LearnedVocabulary().CreateEncoder([]).Places("a\uD83Db", second: null, maxLength: 50);
        Assert.AreSequenceEqual(new WordPlace?[] { null, new(0, 0, 1), new(0, 1, 2), new(0, 2, 3), null }, places);
    }

    [TestMethod]
    [DataRow("Unaffable! café", "Unaffable|Unaffable|Unaffable|!|café")]
    [DataRow("CAFE\u0301", "CAFE\u0301")]
    [DataRow(" \t[abb]", "[|abb|abb|abb|]")]
    public void Places_of_pieces_are_those_of_their_word(string text, string words)
    {
        using var files = TokenFiles.WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "a", "##b", "!", "cafe", "[", "]"]);
        AssertPlaces(new WordPieceVocabulary(files.Folder).Encoder(), text, words);
    }

    [TestMethod]
    [DataRow("abc ab é", "abc|ab|é|é")]
    [DataRow("", "")]
    public void Places_of_merged_bytes_leave_out_the_space_before_the_word(string text, string words)
    {
        using var files = TokenFiles.BytePair(["<s>", "<pad>", "</s>", "a", "b", "c", "Ġ", "ab", "Ġa", "Ġab", "abc", "Ã", "©", "Ã©"], ["a b", "Ġ a", "Ġ ab", "ab c", "Ã ©"]);
        AssertPlaces(new BytePairVocabulary(files.Folder).Encoder(), text, words);
    }

    [TestMethod]
    public void Places_of_a_pair_that_is_cut_are_those_of_what_is_left()
    {
        var encoder = new LearnedVocabulary(MinCount: 1, Buckets: 5).CreateEncoder(["a b c d e f"]);

        var places = encoder.Places("a b c d", "e f", maxLength: 7);

        Assert.AreSequenceEqual(new WordPlace?[] { null, new(0, 0, 1), new(0, 2, 3), null, new(1, 0, 1), new(1, 2, 3), null }, places);
        Assert.HasCount(places.Length, encoder.Encode("a b c d", "e f", maxLength: 7).Ids);
    }

    static void AssertPlaces(ITokenEncoder encoder, string text, string words)
    {
        var places = encoder.Places(text, second: null, maxLength: 50);

        Assert.HasCount(encoder.Encode(text, second: null, maxLength: 50).Ids.Length, places);
        Assert.AreEqual(words, string.Join('|', places.OfType<WordPlace>().Select(place => text[place.Start..place.End])));
    }
}
