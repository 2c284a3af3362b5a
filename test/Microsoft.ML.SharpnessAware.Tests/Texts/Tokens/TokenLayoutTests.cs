namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class TokenLayoutTests
{
    const int Start = 1, Separator = 2;

    static readonly TokenLayout _bert = new([Start], [Separator], [Separator]);
    static readonly TokenLayout _roberta = new([Start], [Separator, Separator], [Separator]);

    [TestMethod]
    public void Row_of_one_text_has_no_second()
    {
        Check([1, 11, 12, 2], 4, _bert.Row([11, 12], null, 10));
        Check([1, 2], 2, _roberta.Row([], null, 10));
    }

    [TestMethod]
    public void Row_of_two_texts_tells_where_the_second_starts()
    {
        Check([1, 11, 12, 2, 21, 2], 4, _bert.Row([11, 12], [21], 10));
        Check([1, 11, 12, 2, 2, 21, 2], 5, _roberta.Row([11, 12], [21], 10));
        Check([1, 2, 2], 2, _bert.Row([], [], 10));
        Check([1, 11, 2, 2], 3, _bert.Row([11], [], 10));
    }

    [TestMethod]
    public void Row_of_a_long_text_is_cut_at_its_end_and_not_read_further()
    {
        static IEnumerable<int> Endless()
        {
            for (var id = 11; id < 15; id++)
                yield return id;
            throw new InvalidOperationException("Nobody needs the fifth.");
        }

        Check([1, 11, 12, 13, 14, 2], 6, _bert.Row(Endless(), null, 6));
    }

    // Room is 10 - 3 = 7, or 11 - 3 = 8. What Hugging Face's tokenizers (utils/truncation.rs, longest_first) give for those lengths.
    [TestMethod]
    [DataRow(3, 4, 10, 3, 4)]
    [DataRow(2, 9, 10, 2, 5)]
    [DataRow(9, 2, 10, 5, 2)]
    [DataRow(9, 0, 10, 7, 0)]
    [DataRow(5, 9, 10, 3, 4)]
    [DataRow(9, 5, 10, 4, 3)]
    [DataRow(9, 9, 10, 3, 4)]
    [DataRow(4, 4, 10, 3, 4)]
    [DataRow(9, 8, 11, 4, 4)]
    public void Row_of_two_long_texts_cuts_the_longer_first(int first, int second, int maxLength, int firstKept, int secondKept)
    {
        var row = _bert.Row(Enumerable.Range(100, first), Enumerable.Range(200, second), maxLength);
        Check([1, .. Enumerable.Range(100, firstKept), 2, .. Enumerable.Range(200, secondKept), 2], 2 + firstKept, row);
    }

    [TestMethod]
    public void Row_without_room_for_a_token_of_either_text_is_refused()
    {
        Assert.AreEqual(5, _bert.MinLength);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _bert.Row([], null, 4));
        Assert.StartsWith("maxLength must be 5 or more, but was 4.", error.Message);
    }

    static void Check(int[] ids, int secondStart, TokenRow row)
    {
        Assert.AreSequenceEqual(ids, row.Ids);
        Assert.AreEqual(secondStart, row.SecondStart);
    }
}
