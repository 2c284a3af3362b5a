namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SeedsTests
{
    [TestMethod]
    public void For_gives_every_purpose_and_occasion_a_seed_of_its_own()
    {
        var seeds = from seed in new long[] { 0, 1, -1 }
                    from purpose in new[] { "shuffle", "step" }
                    from first in Enumerable.Range(0, 20)
                    from second in Enumerable.Range(0, 20)
                    select new Seeds(seed).For(purpose, first, second);
        Assert.AreEqual(3 * 2 * 20 * 20, seeds.Distinct().Count());
    }

    [TestMethod]
    public void For_is_the_same_on_every_machine() => Assert.AreEqual(3751312473691252374, new Seeds(42).For("shuffle", 3, 7));

    [TestMethod]
    public void BorrowGlobalGenerator_gives_the_state_back()
    {
        using var before = torch.random.get_rng_state();
        using (Seeds.BorrowGlobalGenerator())
        {
            Seeds.SeedGlobalGenerator(5);
            rand(10).Dispose();
        }
        using var after = torch.random.get_rng_state();
        Assert.IsTrue(before.bytes.SequenceEqual(after.bytes));
    }
}
