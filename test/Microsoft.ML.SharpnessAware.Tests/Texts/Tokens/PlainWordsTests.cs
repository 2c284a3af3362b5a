namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class PlainWordsTests
{
    [TestMethod]
    [DataRow("", "")]
    [DataRow(" \t\r\n\u00A0\u2028\u0000\u0007 ", "")]
    [DataRow("Hello, WORLD!!", "hello|,|world|!|!")]
    [DataRow("don't DON’T 'quoted' rock'n'roll '", "don't|don't|'|quoted|'|rock'n'roll|'")]
    [DataRow("x=5.25 snake_case", "x|=|5|.|25|snake|_|case")]
    [DataRow("a\nb\r\nc\u0000d", "a|b|c|d")]
    [DataRow("soft\u00ADhyphen ze\u200Bro\uFEFF", "softhyphen|zero")]
    [DataRow("Straße ΟΔΟΣ Привет", "straße|οδοσ|привет")]
    [DataRow("مُشَكَّلَة שָׁלוֹם हिन्दी", "مُشَكَّلَة|שָׁלוֹם|हिन्दी")]
    [DataRow("中文 and日本", "中|文|and|日|本")]
    [DataRow("かな ｶﾅ", "か|な|ｶ|ﾅ")]
    [DataRow("ไทยง่าย", "ไ|ท|ย|ง่|า|ย")]
    [DataRow("😀😀 ❤️❤ 👍🏽", "😀|😀|❤|❤|👍🏽")]
    [DataRow("👩‍👩‍👧🇩🇪🇫🇷1️⃣", "👩‍👩‍👧|🇩🇪|🇫🇷|1\u20E3")]
    [DataRow("𝒜𝒷 𐐀𠀀", "𝒜𝒷|𐐨|𠀀")]
    [DataRow("\u0301", "\u0301")]
    public void In_lower_case_gives(string text, string words) => Assert.AreEqual(words, string.Join('|', PlainWords.In(text, lowerCase: true)));

    [TestMethod]
    public void In_takes_half_of_a_surrogate_pair_for_a_word() => Assert.AreSequenceEqual(new[] { "a", "\uFFFD", "b" }, PlainWords.In("a\uD83Db", lowerCase: true));

    [TestMethod]
    public void In_as_written_keeps_capitals() => Assert.AreSequenceEqual(new[] { "Hello", "WORLD" }, PlainWords.In("Hello WORLD", lowerCase: false));

    [TestMethod]
    [DataRow("é", "e\u0301")]
    [DataRow("ệ", "e\u0323\u0302")]
    [DataRow("한글", "\u1112\u1161\u11AB\u1100\u1173\u11AF")]
    [DataRow("ガ", "カ\u3099")]
    public void In_composed_and_decomposed_gives_the_same(string composed, string decomposed) =>
        Assert.AreSequenceEqual(PlainWords.In(composed, lowerCase: true), PlainWords.In(decomposed, lowerCase: true));
}
