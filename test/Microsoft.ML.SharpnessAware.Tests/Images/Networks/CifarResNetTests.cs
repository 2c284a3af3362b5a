namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class CifarResNetTests
{
    // He et al. 2016, table 6, gives 0.27M, 0.46M, 0.66M, 0.85M and 1.7M; the exact counts follow from its text.
    [TestMethod]
    [DataRow(8, 75_290)]
    [DataRow(20, 269_722)]
    [DataRow(32, 464_154)]
    [DataRow(44, 658_586)]
    [DataRow(56, 853_018)]
    [DataRow(110, 1_727_962)]
    public void Build_has_as_many_weights_as_published(int depth, int weights)
    {
        using var network = new CifarResNet(depth).Build(new ImageShape(3, 32, 32), classes: 10);
        Assert.AreEqual(weights, network.parameters().Sum(p => p.NumberOfElements));
    }

    [TestMethod]
    [DataRow(1, 28, 28)]
    [DataRow(3, 32, 32)]
    [DataRow(3, 33, 18)]
    [DataRow(1, 4, 4)]
    public void Forward_takes_any_size_from_the_minimum(int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var network = new CifarResNet(8).Build(new ImageShape(channels, height, width), classes: 7);
        Assert.AreSequenceEqual([2, 7], network.call(zeros(2, channels, height, width)).shape);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(9)]
    [DataRow(18)]
    [DataRow(-4)]
    public void Depth_that_is_not_six_n_plus_two_is_refused(int depth)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CifarResNet(depth));
        Assert.StartsWith($"Depth must be 8, 14, 20 or another 6n + 2, but was {depth}.", error.Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CifarResNet() with { Depth = depth });
    }

    [TestMethod]
    public void ToString_says_what_sets_it() => Assert.AreEqual("CifarResNet { Depth = 56 }", new CifarResNet(56).ToString());
}
