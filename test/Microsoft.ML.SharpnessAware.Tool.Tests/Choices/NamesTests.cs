namespace MlnetSam.Tests;

[TestClass]
public sealed class NamesTests
{
    static readonly string[] _names = ["Sam", "Asam", "FriendlySam", "GradientNormPenalty"];

    [TestMethod]
    [DataRow("sam", "Sam")]
    [DataRow("friendly-sam", "FriendlySam")]
    [DataRow("GRADIENT-norm-penalty", "GradientNormPenalty")]
    [DataRow("frendly", null)]
    public void Find_disregards_case_and_dashes(string given, string? expected) => Assert.AreEqual(expected, Names.Find(given, _names));

    [TestMethod]
    [DataRow("asma", "Asam")]
    [DataRow("friendly", "FriendlySam")]
    [DataRow("gradientnormpenalti", "GradientNormPenalty")]
    [DataRow("xyzxyzxyz", "")]
    public void Nearest_finds_slips_and_beginnings_and_nothing_far_away(string given, string expected) =>
        Assert.AreEqual(expected, string.Join(" ", Names.Nearest(given, _names).Take(1)));

    [TestMethod]
    public void Free_numbers_names_that_are_taken()
    {
        HashSet<string> taken = ["text2"];

        CollectionAssert.AreEqual(new[] { "text", "text3", "label" }, Array.ConvertAll(new[] { "text", "text", "label" }, name => Names.Free(name, taken)));
    }
}
