namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SymmetricBetaTests
{
    [TestMethod]
    [DataRow(0.2)]
    [DataRow(1.0)]
    [DataRow(4.0)]
    public void Draw_has_the_moments_of_the_distribution(double alpha)
    {
        const int Count = 20_000;
        using var random = new Generator(1);
        var drawn = Enumerable.Range(0, Count).Select(_ => SymmetricBeta.Draw(alpha, random)).ToArray();

        Assert.IsTrue(drawn.All(value => value is >= 0 and <= 1));
        // Of Beta(α, α), the variance is 1 / (4 (2α + 1)), and the fourth moment about the mean 3 / (16 (2α + 1) (2α + 3)).
        var variance = 1 / (4 * (2 * alpha + 1));
        var fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
        Assert.AreEqual(0.5, drawn.Average(), 4 * Math.Sqrt(variance / Count), "4 standard errors");
        Assert.AreEqual(variance, drawn.Average(value => (value - 0.5) * (value - 0.5)), 4 * Math.Sqrt((fourth - variance * variance) / Count), "4 standard errors");
    }

    [TestMethod]
    public void Draw_of_one_is_evenly_distributed()
    {
        using var random = new Generator(2);
        var tenths = Enumerable.Range(0, 10_000).Select(_ => (int)(10 * SymmetricBeta.Draw(1, random))).CountBy(tenth => tenth).ToArray();

        Assert.HasCount(10, tenths);
        Assert.IsTrue(tenths.All(tenth => Math.Abs(tenth.Value - 1000) < 4.5 * Math.Sqrt(900)), "4.5 standard deviations");
    }

    [TestMethod]
    public void Draw_of_a_tiny_parameter_is_zero_or_one()
    {
        using var random = new Generator(3);
        var drawn = Enumerable.Range(0, 1000).Select(_ => SymmetricBeta.Draw(1e-9, random)).ToArray();

        Assert.IsTrue(drawn.All(value => value is 0 or 1));
        Assert.AreEqual(500, drawn.Count(value => value == 1), 4 * Math.Sqrt(250));
    }
}
