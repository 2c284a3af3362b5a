namespace MlnetSam.Tests;

[TestClass]
public sealed class QuoteScanTests
{
    [TestMethod]
    [DataRow("a\tb\nc\td\n", false, null)]
    [DataRow("a\tfine \"quoted\" here\n", false, null)]
    [DataRow("a\t\"b\"\n", true, null)]
    [DataRow("\"a\"\t\"b\"", true, null)]
    [DataRow("a\t\"he said \"\"hi\"\"\tand left\"\r\nc\td\n", true, null)]
    [DataRow("a\t\"two\nlines\"\nc\td\n", true, null)]
    [DataRow("a\t\"\"\n", true, null)]
    [DataRow("a\t \"b\" \n", true, null)]
    [DataRow("a\tb\nc\t\"Hello,\" he said\n", false, 2L)]
    [DataRow("a\tb\nc\t  \"Hello,\" he said\n", false, 2L)]
    [DataRow("a\t\"b\"\nc\t\"Hello,\" he said\n", true, 2L)]
    [DataRow("a\t\"two\nlines\"\nc\t\"never closed\n", true, 3L)]
    public void Quotation_marks_are_those_of_the_form_or_stray(string text, bool hasQuoted, long? firstStray) =>
        Assert.AreEqual(new QuoteScan(hasQuoted, firstStray, Comments: 0), QuoteScan.Of(new StringReader(text), '\t'));

    [TestMethod]
    [DataRow("//a\tb\nc\td\n//e\n", 2L, "lines")]
    [DataRow("a\t//b\n //c\td\n", 0L, "not at the beginning")]
    [DataRow("a\t\"two\n// lines\"\n", 0L, "within quotation marks")]
    [DataRow("a\t\"two\n// lines\"\nb\t\"Hello,\" he said\n//c\n", 2L, "quotation marks that mean nothing")]
    [DataRow("a\t\"b\"\n//\t\"Hello,\" he said\n", 1L, "a stray mark in a comment")]
    public void Comments_are_the_lines_that_MlNet_leaves_out(string text, long comments, string what) =>
        Assert.AreEqual(comments, QuoteScan.Of(new StringReader(text), '\t').Comments, what);
}
