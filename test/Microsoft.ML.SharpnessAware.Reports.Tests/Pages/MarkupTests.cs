namespace Microsoft.ML.SharpnessAware.Reports.Tests;

[TestClass]
public class MarkupTests
{
    [TestMethod]
    public void Of_encodes_what_is_put_in_and_leaves_markup_alone()
    {
        var inner = Markup.Of($"<b>{"1 < 2"}</b>");

        Assert.AreEqual("<p title=\"&quot;&#x27;\">&lt;script&gt; &amp; <b>1 &lt; 2</b> 7 Zürich 東京</p>", Markup.Of($"<p title=\"{"\"'"}\">{"<script> &"} {inner} {7} {"Zürich 東京"}</p>").Text);
    }

    [TestMethod]
    public void Of_shows_half_of_a_surrogate_pair_as_a_replacement() => Assert.AreEqual("a\uFFFDb", System.Net.WebUtility.HtmlDecode(Markup.Of($"{"a\uD83Db"}").Text));

    [TestMethod]
    public void Of_puts_lists_of_markup_together() => Assert.AreEqual("<ul><li>a</li><li>&lt;</li></ul>", Markup.Of($"<ul>{new[] { "a", "<" }.Select(item => Markup.Of($"<li>{item}</li>"))}</ul>").Text);

    [TestMethod]
    [DataRow(0.123456, "0.1235")]
    [DataRow(12.3456, "12.35")]
    [DataRow(1234.56, "1235")]
    [DataRow(0.00001234, "1.234e-5")]
    [DataRow(0.0, "0")]
    [DataRow(double.NaN, "NaN")]
    public void Number_has_four_digits(double number, string text) => Assert.AreEqual(text, Say.Number(number));

    [TestMethod]
    public void Words_of_number_and_time()
    {
        Assert.AreEqual(("1 row", "1,200 rows", "0 rows"), (Say.Count(1, "row"), Say.Count(1200, "row"), Say.Count(0, "row")));
        Assert.AreEqual(("2.5 s", "1 min 40 s", "3 h 5 min"), (Say.Time(TimeSpan.FromSeconds(2.5)), Say.Time(TimeSpan.FromSeconds(100)), Say.Time(TimeSpan.FromMinutes(185))));
        Assert.AreEqual(("12.3 %", "–"), (Say.Percent(0.1234), Say.Percent(null)));
    }
}
