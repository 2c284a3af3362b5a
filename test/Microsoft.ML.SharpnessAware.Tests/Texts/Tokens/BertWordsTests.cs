namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class BertWordsTests
{
    [TestMethod]
    [DataRow("", "")]
    [DataRow(" \t\r\n\u00A0\u2028 ", "")]
    [DataRow("Hello,world!", "hello|,|world|!")]
    [DataRow("a\nb\tc\r\nd", "a|b|c|d", DisplayName = "line breaks and tabs are white space")]
    [DataRow("$5+3=8^2~`|", "$|5|+|3|=|8|^|2|~|`||", DisplayName = "ASCII's symbols stand alone")]
    [DataRow("€5 ±3 x²", "€5|±3|x²", DisplayName = "other symbols do not")]
    [DataRow("snake_case", "snake|_|case")]
    [DataRow("Ünïcödé cafe\u0301 Ångström", "unicode|cafe|angstrom")]
    [DataRow("İI ΟΔΟΣ ẞ ﬁ", "ii|οδοσ|ß|ﬁ")]
    [DataRow("a中文b", "a|中|文|b")]
    [DataRow("\uF900\U0002F800", "\u8C48|\u4E3D", DisplayName = "compatibility ideographs")]
    [DataRow("ガギ かな", "カキ|かな")]
    [DataRow("한글", "\u1112\u1161\u11AB\u1100\u1173\u11AF")]
    [DataRow("😀😀x 👍🏽", "😀😀x|👍🏽")]
    [DataRow("👩‍👧", "👩👧", DisplayName = "joiners are format characters")]
    [DataRow("a\u0000b\u0007c\u200Bd\u00ADe\uE000f\uFFFDg", "abcdefg")]
    [DataRow("x\u037Ey", "x|;|y", DisplayName = "Greek question mark")]
    [DataRow("\u0301", "")]
    public void In_lower_case_gives(string text, string words) =>
        Assert.AreEqual(words, string.Join('|', new BertWords(lowerCase: true, stripAccents: true, splitIdeographs: true).In(text)));

    [TestMethod]
    [DataRow("Ünïcödé cafe\u0301", "Ünïcödé|cafe\u0301")]
    [DataRow("İI ΟΔΟΣ", "İI|ΟΔΟΣ")]
    [DataRow("한글 ガ", "한글|ガ")]
    public void In_as_written_gives(string text, string words) =>
        Assert.AreEqual(words, string.Join('|', new BertWords(lowerCase: false, stripAccents: false, splitIdeographs: true).In(text)));

    [TestMethod]
    public void In_leaves_out_halves_of_surrogate_pairs() =>
        Assert.AreEqual("abc", new BertWords(lowerCase: true, stripAccents: true, splitIdeographs: true).In("a\uD83Db\uDE00c").Single());

    [TestMethod]
    public void In_lower_case_with_accents_gives_two_characters_for_I_with_dot() =>
        Assert.AreEqual("i\u0307é", new BertWords(lowerCase: true, stripAccents: false, splitIdeographs: true).In("İÉ").Single());

    [TestMethod]
    public void In_leaves_ideographs_together_where_the_settings_say_so() =>
        Assert.AreEqual("a中文b", new BertWords(lowerCase: true, stripAccents: true, splitIdeographs: false).In("a中文b").Single());
}
