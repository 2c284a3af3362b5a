namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ImageNetworksTests
{
    /// <summary>One of each kind, with the least of sizes that it takes.</summary>
    static IEnumerable<object[]> Kinds =>
    [
        [new ResNet50(ResNetStem.SmallImage), 8],
        [new WideResNet(10, 1, Dropout: 0.3), 4],
        [new ResNeXt29(4, 4), 4],
        [new PyramidNet(11, 12), 4],
        [new DenseNet121(), 32],
        [new MobileNetV2(), 32],
        [new Vgg16BN(VggClassifier.SmallImage), 32],
        [new ViTTiny(PatchSize: 4), 4],
    ];

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Forward_takes_the_least_size_and_leaves_nothing_but_the_logits(ImageNetwork network, int size)
    {
        Assert.AreEqual(size, network.MinimumSize);
        using var module = network.Build(new ImageShape(1, size, 2 * size), classes: 3);
        module.train();
        using var images = zeros(2, 1, size, 2 * size);
        var before = LiveTensors.Before();
        using var scope = NewDisposeScope();

        using var logits = module.call(images);

        Assert.AreSequenceEqual([2, 3], logits.shape);
        Assert.AreEqual(before + 1, Tensor.TotalCount);
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Module_outlives_the_scope_it_is_built_in_and_frees_its_state_when_disposed(ImageNetwork network, int size)
    {
        nn.Module<Tensor, Tensor> module;
        using (NewDisposeScope())
            module = network.Build(new ImageShape(3, size, size), classes: 2);
        var state = module.state_dict().Values.ToArray();
        Assert.IsTrue(state.All(tensor => !tensor.IsInvalid));

        module.Dispose();

        Assert.IsTrue(state.All(tensor => tensor.IsInvalid));
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Json_gives_back_an_equal_record(ImageNetwork network, int size)
    {
        var withWeights = network with { Weights = "some.safetensors" };
        Assert.AreEqual(network, RecordJson.Read<ImageNetwork>(RecordJson.Write(network)));
        Assert.AreEqual(withWeights, RecordJson.Read<ImageNetwork>(RecordJson.Write(withWeights)));
        Assert.AreNotEqual(network, withWeights);
        Assert.AreEqual(size, withWeights.MinimumSize);
    }

    [TestMethod]
    public void Module_keeps_its_parameters_in_the_flat_weights()
    {
        using var module = new ViTTiny(PatchSize: 4).Build(new ImageShape(3, 8, 8), classes: 2);
        using var flat = new FlatWeights(module);

        using (no_grad())
            flat.Values.fill_(0);

        using var scope = NewDisposeScope();
        Assert.AreEqual(0.0, module.call(ones(1, 3, 8, 8)).abs().sum().ToDouble());
        Assert.AreEqual(0.0, module.state_dict()["cls_token"].abs().sum().ToDouble() + module.state_dict()["pos_embed"].abs().sum().ToDouble());
    }

    [TestMethod]
    public void LeastWeights_are_no_more_than_there_are()
    {
        foreach (var (kind, shape) in ImageNetworksAsOnnxTests.Cases)
        {
            using var module = kind.WithoutFiles.Build(shape, classes: 2);
            Assert.IsLessThanOrEqualTo((double)module.state_dict().Values.Sum(tensor => tensor.numel()), kind.LeastWeights(shape), kind.ToString());
        }
    }

    [TestMethod]
    public void LeastWeights_grow_with_every_size()
    {
        const double Many = 1e9;
        var shape = new ImageShape(3, 32, 32);
        ImageNetwork[] large =
        [
            new CifarResNet(600_000_002),
            new CustomResNet(Blocks1: 600_000_000),
            new CustomResNet(Blocks4: 600_000_000, Bottlenecks: true),
            new PyramidNet(Depth: 900_000_002, Alpha: 1),
            new PyramidNet(Depth: 11, Alpha: 600_000_000),
            new ResNeXt29(Cardinality: 600_000_000, Width: 1),
            new ResNeXt29(Cardinality: 1, Width: 600_000_000),
            new ViTTiny(PatchSize: 600_000_000),
            new WideResNet(Depth: 600_000_004, Width: 1),
            new WideResNet(Depth: 10, Width: 600_000_000),
        ];

        foreach (var network in large)
            Assert.IsGreaterThan(Many, network.LeastWeights(shape), network.ToString());
        var huge = new ImageShape(3, 600_000_000, 600_000_000);
        Assert.IsGreaterThan(Many, new ViTTiny().LeastWeights(huge));
        Assert.IsGreaterThan(Many, new DnnImageFeaturizerResNet18().LeastWeights(huge));
    }

    [TestMethod]
    public void Values_out_of_their_range_are_refused_by_name()
    {
        var errors = new ErrorText()
            .Add("a depth that is not 6n + 4", () => _ = new WideResNet(20))
            .Add("no width", () => _ = new WideResNet(28, 0))
            .Add("a dropout of everything", () => _ = new WideResNet(Dropout: 1))
            .Add("no groups", () => _ = new ResNeXt29(0))
            .Add("no width of groups", () => _ = new ResNeXt29(32, 0))
            .Add("a depth that is not 9n + 2", () => _ = new PyramidNet(28))
            .Add("no widening", () => _ = new PyramidNet(Alpha: 0))
            .Add("a survival that is no number", () => _ = new PyramidNet(FinalSurvival: double.NaN))
            .Add("a negative dropout", () => _ = new MobileNetV2(-0.1))
            .Add("an unknown classifier", () => _ = new Vgg16BN((VggClassifier)2))
            .Add("a dropout of more than everything", () => _ = new Vgg19BN(Dropout: 2))
            .Add("an unknown stem", () => _ = new ResNet50((ResNetStem)2))
            .Add("no patches", () => _ = new ViTSmall(0))
            .Add("patches that do not cover the image", () => new ViTBase().Build(new ImageShape(3, 224, 230), classes: 2))
            .Add("an image smaller than a patch", () => new ViTTiny().Build(new ImageShape(3, 8, 16), classes: 2));
        Golden.Matches("Networks/ImageNetworkErrors.txt", errors.ToString());
    }

    [TestMethod]
    [DataRow(16, 224)]
    [DataRow(14, 224)]
    [DataRow(32, 224)]
    [DataRow(8, 224)]
    [DataRow(4, 32)]
    [DataRow(300, 300)]
    public void DefaultSize_of_a_vision_transformer_is_a_multiple_of_its_patches(int patchSize, int size) =>
        Assert.AreEqual(size, new ViTTiny(patchSize).DefaultSize);
}
