using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public partial class GptWordsTests
{
    [TestMethod]
    [DataRow("", "")]
    [DataRow(" ", " ")]
    [DataRow("Hello world", "Hello| world")]
    [DataRow("  two  spaces ", " | two| | spaces| ")]
    [DataRow("a\n\n b\t c", "a|\n\n| b|\t| c")]
    [DataRow("\nx \n y", "\n|x| \n| y")]
    [DataRow("I'll they've HE'S '' 's", "I|'ll| they|'ve| HE|'|S| ''| '|s")]
    [DataRow("x=5.25!", "x|=|5|.|25|!")]
    [DataRow("a½²Ⅷ٣", "a|½²Ⅷ٣")]
    [DataRow("cafe\u0301s", "cafe|\u0301|s")]
    [DataRow("😀 😀👍", "😀| 😀👍")]
    [DataRow("a𠀀𝒜1𝟏", "a𠀀𝒜|1𝟏", DisplayName = "letters and digits beyond U+FFFF")]
    public void In_gives(string text, string words) => Assert.AreEqual(words, string.Join('|', Words(text)));

    [TestMethod]
    public void In_takes_halves_of_surrogate_pairs_for_no_letters() => Assert.AreSequenceEqual(new[] { "a", "\uD83D", " b", "\uDE00" }, Words("a\uD83D b\uDE00"));

    [TestMethod]
    public void In_agrees_with_the_pattern_on_random_texts()
    {
        const string Letters = " \n\t\u00A0\u3000aZé中٣5½.'’-=\u0301sdtlmrve";
        var chance = new Random(1);
        for (var round = 0; round < 5000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 12).Select(_ => Letters[chance.Next(Letters.Length)]));
            Assert.AreSequenceEqual(Pattern().Matches(text).Select(match => match.Value), Words(text), text);
        }
    }

    static IEnumerable<string> Words(string text) => GptWords.In(text).Select(word => text[word]);

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Pattern();
}
