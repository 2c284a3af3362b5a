namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ResNet18Tests
{
    [TestMethod]
    [DataRow(ResNetStem.ImageNet, 1000, 11_689_512)] // torchvision's count
    [DataRow(ResNetStem.SmallImage, 10, 11_173_962)]
    public void Build_has_as_many_weights_as_published(ResNetStem stem, int classes, int weights)
    {
        using var network = new ResNet18(stem).Build(new ImageShape(3, 64, 64), classes);
        Assert.AreEqual(weights, network.parameters().Sum(p => p.NumberOfElements));
    }

    [TestMethod]
    public void Build_names_its_state_as_torchvision_does()
    {
        using var network = new ResNet18().Build(new ImageShape(3, 224, 224), classes: 1000);
        Golden.Matches("Networks/ResNet18.txt", string.Join('\n', network.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key} [{string.Join(", ", entry.Value.shape)}]")));
    }

    [TestMethod]
    [DataRow(ResNetStem.ImageNet, 1, 32, 50)]
    [DataRow(ResNetStem.SmallImage, 3, 8, 11)]
    public void Forward_takes_any_size_from_the_minimum(ResNetStem stem, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var network = new ResNet18(stem).Build(new ImageShape(channels, height, width), classes: 2);
        Assert.AreSequenceEqual([3, 2], network.call(zeros(3, channels, height, width)).shape);
    }

    [TestMethod]
    public void Stem_that_does_not_exist_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ResNet18((ResNetStem)7));
        Assert.StartsWith("Stem must be ImageNet or SmallImage, but was 7.", error.Message);
    }

    [TestMethod]
    public void DefaultSize_follows_the_stem()
    {
        Assert.AreEqual(224, new ResNet18().DefaultSize);
        Assert.AreEqual(32, new ResNet18 { Stem = ResNetStem.SmallImage }.DefaultSize);
    }
}
