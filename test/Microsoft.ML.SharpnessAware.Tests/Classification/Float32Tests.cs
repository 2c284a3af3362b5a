namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Every network in float32 beside itself in float64: what a CPU whose convolutions are wrong cannot pass.</summary>
[TestClass]
public class Float32Tests
{
    const int Steps = 3;
    const int Classes = 3;

    // Of the loss. A faulty convolution gives 0.01 and more.
    const double LossRounding = 1e-3;

    // Of the gradient's norm: a faulty convolution gives 0.1 and more. Batch norm over many fresh layers makes 0.03 out of rounding.
    const double Shallow = 1e-3;
    const double Deep = 0.1;

    // Of the largest logit.
    const double Rounding = 1e-4;

    static IEnumerable<object[]> ImageNetworks =>
    [
        [new CifarResNet(8), 8, Shallow],
        [new ResNet18(ResNetStem.SmallImage), 8, Deep],
        [new ResNet50(ResNetStem.SmallImage), 8, Deep],
        [new WideResNet(10, 1), 8, Shallow],
        [new ResNeXt29(4, 4), 8, Deep],
        [new PyramidNet(11, 12, FinalSurvival: 1), 8, Shallow],
        [new DenseNet121(), 32, Deep],
        [new MobileNetV2(Dropout: 0), 32, Deep],
        [new Vgg16BN(VggClassifier.SmallImage, Dropout: 0), 32, Deep],
        [new ViTTiny(PatchSize: 4), 8, Shallow],
    ];

    static IEnumerable<object[]> TextNetworks =>
    [
        [new BagOfEmbeddings(Dropout: 0)],
        [new TextCnn(Dropout: 0)],
        [new TextTransformer(Dropout: 0)],
        [new BertEncoder { Layers = 2, HiddenSize = 24, Heads = 2, IntermediateSize = 40, MaxPositions = 32, HiddenDropout = 0, AttentionDropout = 0, HeadDropout = 0 }],
    ];

    [TestMethod]
    [DynamicData(nameof(ImageNetworks))]
    public void Three_steps_of_an_image_network_go_where_float64_goes(ImageNetwork network, int size, double rounding)
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        AssertSameWay(() => network.Build(new ImageShape(3, size, size), Classes), type => ChannelsLast.Of(Images(12, size)).to(type), rounding);
    }

    [TestMethod]
    [DynamicData(nameof(TextNetworks))]
    public void Three_steps_of_a_text_network_go_where_float64_goes(TextNetwork network)
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        AssertSameWay(() => network.Build(new TextShape(50, 16, 0), Classes), _ => Texts(12), Shallow);
    }

    [TestMethod]
    [DynamicData(nameof(ImageNetworks))]
    public void An_image_alone_has_the_logits_that_it_has_beside_others(ImageNetwork network, int size, double _)
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        using var module = network.Build(new ImageShape(3, size, size), Classes);
        AssertSameAlone(module, ChannelsLast.Of(Images(5, size)));
    }

    [TestMethod]
    [DynamicData(nameof(TextNetworks))]
    public void A_text_alone_has_the_logits_that_it_has_beside_others(TextNetwork network)
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        using var module = network.Build(new TextShape(50, 16, 0), Classes);
        AssertSameAlone(module, Texts(5));
    }

    static Tensor Images(int count, int size) => randn(count, 3, size, size, generator: new Generator(2));

    static Tensor Texts(int count) => stack([randint(1, 50, [count, 12], generator: new Generator(2)), zeros(count, 12, dtype: ScalarType.Int64)], 1);

    // Each step from the same weights, so that rounding does not grow from step to step.
    static void AssertSameWay(Func<nn.Module<Tensor, Tensor>> build, Func<ScalarType, Tensor> inputs, double rounding)
    {
        using var single = build();
        ChannelsLast.Arrange(single);
        using var exact = build();
        exact.to(ScalarType.Float64);
        SafeTensors.Copy(single.state_dict(), into: exact.state_dict());
        using var singleWeights = new FlatWeights(single);
        using var exactWeights = new FlatWeights(exact);

        for (var i = 1; i <= Steps; i++)
        {
            var (foundLoss, found) = Step(single, singleWeights, inputs(ScalarType.Float32));
            var (loss, gradient) = Step(exact, exactWeights, inputs(ScalarType.Float64));

            Assert.AreEqual(1, foundLoss / loss, LossRounding, $"loss of step {i}");
            Assert.IsLessThan(rounding, ((found - gradient).norm() / gradient.norm()).ToDouble(), $"gradient of step {i}");
            using (no_grad())
                singleWeights.Values.copy_(exactWeights.Values);
        }
    }

    static (double Loss, Tensor Gradient) Step(nn.Module<Tensor, Tensor> network, FlatWeights weights, Tensor inputs)
    {
        network.train();
        var gradient = weights.Gradient(0);
        var loss = nn.functional.cross_entropy(network.call(inputs), arange(inputs.shape[0]).remainder(Classes));
        loss.backward();
        using var noGrad = no_grad();
        weights.Values.add_(gradient, alpha: -0.01);
        return (loss.to(ScalarType.Float64).item<double>(), gradient.to(ScalarType.Float64));
    }

    static void AssertSameAlone(nn.Module<Tensor, Tensor> network, Tensor inputs)
    {
        network.eval();
        ChannelsLast.Arrange(network);
        using var noGrad = no_grad();
        var together = network.call(inputs);
        for (var i = 0; i < inputs.shape[0]; i++)
            Assert.IsLessThan(Rounding, ((network.call(inputs.narrow(0, i, 1)) - together[i]).abs().max() / together.abs().max()).ToDouble(), $"row {i}");
    }
}
