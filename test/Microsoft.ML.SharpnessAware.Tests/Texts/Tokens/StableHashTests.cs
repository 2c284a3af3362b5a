namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class StableHashTests
{
    // The test vectors of draft-eastlake-fnv, appendix C.
    [TestMethod]
    [DataRow("", 0xcbf29ce484222325UL)]
    [DataRow("a", 0xaf63dc4c8601ec8cUL)]
    [DataRow("foobar", 0x85944171f73967e8UL)]
    public void Of_gives_the_published_numbers(string text, ulong hash) => Assert.AreEqual(hash, StableHash.Of(text));
}
