namespace MlnetSam.Tests;

[TestClass]
public sealed class NetworkNamesTests
{
    [TestMethod]
    public void Every_name_is_a_network()
    {
        foreach (var name in NetworkNames.ForImages)
            Assert.AreEqual(name, NetworkNames.ImageNetwork(name, weights: null).GetType().Name);
        foreach (var name in NetworkNames.ForTexts.Where(name => name != nameof(BertEncoder)))
            Assert.AreEqual(name, NetworkNames.TextNetwork(name, weights: null).GetType().Name);
    }

    [TestMethod]
    public void Number_behind_the_name_is_the_depth()
    {
        Assert.AreEqual(new CifarResNet(Depth: 8), NetworkNames.ImageNetwork("cifarresnet8", weights: null));
        Assert.AreEqual(new CifarResNet(Depth: 56), NetworkNames.ImageNetwork("CifarResNet-56", weights: null));
        Assert.AreEqual(new ResNet18(), NetworkNames.ImageNetwork("resnet18", weights: null));
    }

    [TestMethod]
    public void Depth_out_of_its_range_is_refused() =>
        Assert.StartsWith("Depth must be 8, 14, 20 or another 6n + 2, but was 9.", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NetworkNames.ImageNetwork("CifarResNet9", weights: null)).Message);

    [TestMethod]
    public void Weights_are_those_of_the_network() =>
        Assert.AreEqual(new ResNet50 { Weights = "r.onnx" }, NetworkNames.ImageNetwork("ResNet50", "r.onnx"));

    [TestMethod]
    public void BertEncoder_asks_for_its_folder() =>
        Assert.StartsWith("BertEncoder starts from trained weights: give --weights FOLDER", Assert.ThrowsExactly<ArgumentException>(() => NetworkNames.TextNetwork("BertEncoder", weights: null)).Message);
}
