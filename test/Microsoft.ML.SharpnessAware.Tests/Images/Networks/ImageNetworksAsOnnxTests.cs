using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Each network in ONNX Runtime against the same network in float64, as libtorch's own float32 convolutions are wrong on some processors.</summary>
[TestClass]
public class ImageNetworksAsOnnxTests
{
    // For logits of 1; ONNX Runtime computes in float32.
    const double Tolerance = 1e-5;

    public static IReadOnlyList<(ImageNetwork Network, ImageShape Shape)> Cases { get; } =
    [
        (new CifarResNet(8), new(3, 33, 31)),
        (new CustomResNet(1, 2, 1, 1, Bottlenecks: true), new(3, 33, 47)),
        (new DenseNet121(), new(1, 33, 47)),
        (new DnnImageFeaturizerResNet18(), new(3, 64, 32)),
        (new MobileNetV2(), new(3, 35, 32)),
        (new PyramidNet(20, 30), new(3, 33, 31)),
        (new ResNeXt29(4, 4), new(3, 17, 19)),
        (new ResNet18(), new(3, 33, 47)),
        (new ResNet34(ResNetStem.SmallImage), new(1, 9, 11)),
        (new ResNet50(ResNetStem.SmallImage), new(3, 9, 11)),
        (new ResNet101(), new(3, 33, 32)),
        (new Vgg16BN(VggClassifier.SmallImage), new(3, 33, 47)),
        (new Vgg19BN(VggClassifier.SmallImage), new(1, 32, 34)),
        (new ViTBase(32), new(3, 32, 64)),
        (new ViTSmall(4), new(1, 8, 12)),
        (new ViTTiny(4), new(3, 8, 12)),
        (new WideResNet(10, 2, Dropout: 0.3), new(3, 33, 31)),
    ];

    static IEnumerable<object[]> Numbers => Enumerable.Range(0, Cases.Count).Select(number => new object[] { number, Cases[number].Network.ToString() });

    [TestMethod]
    public void Cases_are_all_networks() =>
        CollectionAssert.AreEquivalent(
            typeof(ImageNetwork).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(ImageNetwork)) && !type.IsAbstract).ToArray(),
            Cases.Select(one => one.Network.GetType()).ToArray());

    [TestMethod]
    [DynamicData(nameof(Numbers))]
    public void Logits_are_those_of_float64(int number, string network)
    {
        var (kind, shape) = Cases[number];
        using var random = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var module = kind.WithoutFiles.Build(shape, classes: 4);
        PyTorchGolden.Fill(module.state_dict().Where(tensor => tensor.Value.is_floating_point()));
        module.eval();
        var images = randn(5, shape.Channels, shape.Height, shape.Width);

        var actual = new[] { 12, 17 }.Select(opset =>
        {
            using var model = OnnxModel.Of(module, opset, Element.Float, "N", shape.Channels, shape.Height, shape.Width);
            return (All: model.Numbers("output", ("input", images)), First: model.Numbers("output", ("input", images.narrow(0, 0, 1).contiguous())));
        }).ToArray();

        module.to(ScalarType.Float64);
        var expected = Near.Numbers(module.call(images.to(ScalarType.Float64)));
        var tolerance = Tolerance * Math.Max(1, expected.Max(Math.Abs));
        foreach (var (all, first) in actual)
        {
            Near.Equal(expected, all, tolerance, network);
            Near.Equal(expected[..4], first, tolerance, network);
        }
    }
}
