namespace MlnetSam.Tests;

[TestClass]
public sealed class CSharpValueTests
{
    [TestMethod]
    public void Values_are_written_as_people_write_them()
    {
        Assert.AreEqual("new Sam()", CSharpValue.Of(new Sam()));
        Assert.AreEqual("new Asam(Rho: 0.7)", CSharpValue.Of(new Asam(Rho: 0.7)));
        Assert.AreEqual("new Sam(P: double.PositiveInfinity)", CSharpValue.Of(new Sam(P: double.PositiveInfinity)));
        Assert.AreEqual("new EveryK(Inner: new Asam(), K: 2)", CSharpValue.Of(new EveryK(new Asam(), K: 2)));
        Assert.AreEqual("new ImageShape(Channels: 3, Height: 64, Width: 48)", CSharpValue.Of(new ImageShape(3, 64, 48)));
        Assert.AreEqual("new ResNet50() { Weights = \"a\\\\b \\\"c\\\"\\n\" }", CSharpValue.Of(new ResNet50 { Weights = "a\\b \"c\"\n" }));
        Assert.AreEqual("0.1f", CSharpValue.Of(0.1f));
        Assert.AreEqual("BadImagePolicy.Skip", CSharpValue.Of(BadImagePolicy.Skip));
        Assert.AreEqual("null", CSharpValue.Of(null));
        Assert.AreEqual("[1, 2]", CSharpValue.Of(new[] { 1, 2 }));
    }

    [TestMethod]
    public void Every_rule_and_network_is_written_by_its_own_name()
    {
        foreach (var name in RuleNames.All)
            Assert.AreEqual($"new {name}()", CSharpValue.Of(new SamTrial { Variant = RuleNames.Variant(name) }.Sharpness));
        foreach (var name in NetworkNames.ForImages)
            Assert.AreEqual($"new {name}()", CSharpValue.Of(NetworkNames.ImageNetwork(name, weights: null)));
    }

    [TestMethod]
    public void Options_show_the_method_and_what_is_not_the_default()
    {
        var options = new SamImageTrainer.Options { FeatureColumnName = "ImageSource", Augmentation = null, Epoch = 3, Seed = 1, MetricsCallback = Console.WriteLine, CheckpointFolder = "c" };

        CollectionAssert.AreEqual(
            new[] { ("FeatureColumnName", "\"ImageSource\""), ("Augmentation", "null"), ("Sharpness", "new Sam()"), ("Epoch", "3"), ("Seed", "1") },
            CSharpValue.ChangedIn(options).ToArray());
    }
}
