namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ListingTests
{
    [TestMethod]
    [DataRow(0, "")]
    [DataRow(1, "1")]
    [DataRow(10, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10")]
    [DataRow(11, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 1 more")]
    [DataRow(300, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 290 more")]
    public void Of_shows_ten_items_and_counts_the_rest(int items, string expected) =>
        Assert.AreEqual(expected, Listing.Of(Enumerable.Range(1, items).Select(item => $"{item}")));

    [TestMethod]
    public void Of_takes_another_separator_and_number() => Assert.AreEqual("a; b and 1 more", Listing.Of(["a", "b", "c"], "; ", most: 2));

    [TestMethod]
    public void OfNames_puts_each_in_quotation_marks() => Assert.AreEqual("'cat', 'dog'", Listing.OfNames(["cat", "dog"]));
}
