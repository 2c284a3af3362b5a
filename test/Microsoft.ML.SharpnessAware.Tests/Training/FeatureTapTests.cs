using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class FeatureTapTests
{
    static IEnumerable<object[]> ImageNetworks =>
    [
        [new ResNet18(ResNetStem.SmallImage), 8, 512],
        [new CifarResNet(8), 8, 64],
        [new WideResNet(10, 1), 8, 64],
        [new ResNeXt29(4, 4), 8, 1024],
        [new PyramidNet(11, 12), 8, 112],
        [new DenseNet121(), 32, 1024],
        [new MobileNetV2(), 32, 1280],
        [new Vgg16BN(VggClassifier.SmallImage), 32, 512],
        [new ViTTiny(PatchSize: 4), 8, 192],
    ];

    static IEnumerable<object[]> TextNetworks =>
    [
        [new BagOfEmbeddings(Width: 6), 6],
        [new TextCnn(Width: 4, FeatureMaps: 5), 15],
        [new TextTransformer(Layers: 1, Width: 8, Heads: 2, FeedForward: 8), 8],
        [new BertEncoder { Layers = 1, HiddenSize = 8, Heads = 2, IntermediateSize = 8, MaxPositions = 32 }, 8],
        [new BertEncoder { ModelType = BertModelType.Roberta, Layers = 1, HiddenSize = 8, Heads = 2, IntermediateSize = 8, MaxPositions = 32 }, 8],
        [new BertEncoder { ModelType = BertModelType.DistilBert, Layers = 1, HiddenSize = 8, Heads = 2, IntermediateSize = 8, MaxPositions = 32 }, 8],
    ];

    [TestMethod]
    [DynamicData(nameof(ImageNetworks))]
    public void Head_makes_the_logits_of_an_image_network_of_its_features(ImageNetwork network, int size, int features)
    {
        using var module = network.Build(new ImageShape(3, size, size), classes: 4);
        using var images = rand(2, 3, size, size);
        AssertDivides(module, network.NameOfLastLayer, images, features);
    }

    [TestMethod]
    [DynamicData(nameof(TextNetworks))]
    public void Head_makes_the_logits_of_a_text_network_of_its_features(TextNetwork network, int features)
    {
        using var module = network.Build(new TextShape(20, 16, 0), classes: 4);
        using var texts = tensor(new long[] { 2, 3, 4, 0, 0, 0, 5, 6, 7, 0, 1, 1 }, [2, 2, 3]);
        AssertDivides(module, network.NameOfLastLayer, texts, features);
    }

    [TestMethod]
    public void Networks_that_cannot_be_divided_are_refused_with_the_reason()
    {
        var errors = new ErrorText()
            .Add("no such layer", () => Divide(new Odd(_ => zeros(2, 3)), "classifier"))
            .Add("many others", () => Divide(new CifarResNet(8).Build(new ImageShape(1, 6, 6), 3), "head"))
            .Add("a layer of two tensors", () => Divide(new WithBilinear(), "pair"))
            .Add("a layer that is not called", () => Divide(new Odd(net => net.fc.forward(zeros(2, 4))), "fc"))
            .Add("a layer that is called twice", () => Divide(new Odd(net => net.fc.call(zeros(2, 4)) + net.fc.call(ones(2, 4))), "fc"))
            .Add("something after it", () => Divide(new Odd(net => net.fc.call(ones(2, 4)).softmax(1)), "fc"))
            .Add("fewer logits", () => Divide(new Odd(net => net.fc.call(ones(2, 4)).narrow(1, 0, 2)), "fc"));
        Golden.Matches("Networks/IndivisibleNetworks.txt", errors.ToString());

        static void Divide(nn.Module<Tensor, Tensor> network, string lastLayer)
        {
            using var owned = network;
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            using var tap = new FeatureTap(network, lastLayer);
            var (features, logits) = tap.Forward(zeros(2, 1, 6, 6));
            tap.Check(features, logits);
        }
    }

    [TestMethod]
    public void Threads_get_their_own_features()
    {
        using var module = new CifarResNet(8).Build(new ImageShape(1, 8, 8), classes: 3);
        module.eval();
        using var tap = new FeatureTap(module, "fc");
        float[] Features(int image)
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            return tap.Forward(full(1, 1, 8, 8, (float)image)).Features.data<float>().ToArray();
        }
        var expected = Enumerable.Range(0, 8).Select(Features).ToArray();

        Parallel.For(0, 64, i => CollectionAssert.AreEqual(expected[i % 8], Features(i % 8)));
    }

    static void AssertDivides(nn.Module<Tensor, Tensor> module, string lastLayer, Tensor inputs, int features)
    {
        module.eval();
        using var noGradients = no_grad();
        var before = LiveTensors.Before();
        using (NewDisposeScope())
        {
            using var tap = new FeatureTap(module, lastLayer);
            var (found, logits) = tap.Forward(inputs);

            Assert.AreSequenceEqual([2, features], found.shape);
            Assert.IsTrue(module.call(inputs).eq(logits).all().ToBoolean());
            Assert.IsTrue(tap.Head.call(found).eq(logits).all().ToBoolean());
            Assert.AreSequenceEqual([$"{lastLayer}.weight", $"{lastLayer}.bias"], tap.Head.named_parameters().Select(parameter => parameter.name));
        }
        Assert.AreEqual(before, LiveTensors.Before());
    }

    sealed class Odd : nn.Module<Tensor, Tensor>
    {
        public readonly Linear fc = nn.Linear(4, 3);
        readonly Func<Odd, Tensor> _forward;

        public Odd(Func<Odd, Tensor> forward) : base(nameof(Odd))
        {
            _forward = forward;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _forward(this);
    }

    sealed class WithBilinear : nn.Module<Tensor, Tensor>
    {
        readonly Pair pair = new();

        public WithBilinear() : base(nameof(WithBilinear)) => RegisterComponents();

        public override Tensor forward(Tensor input) => pair.call(input, input);
    }

    sealed class Pair() : nn.Module<Tensor, Tensor, Tensor>(nameof(Pair))
    {
        public override Tensor forward(Tensor a, Tensor b) => a + b;
    }
}
