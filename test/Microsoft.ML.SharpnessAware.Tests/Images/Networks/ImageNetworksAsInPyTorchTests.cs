namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Each network against a straight version of it in PyTorch: names, sizes, forward and backward passes in float64.</summary>
[TestClass]
public class ImageNetworksAsInPyTorchTests
{
    // Sums are added up in another order there: some 4e-15, and 1e-13 where batch norm divides by the small deviations of a few numbers.
    const double Rounding = 1e-12;
    const double RoundingInTraining = 1e-11;

    static IEnumerable<object[]> Evaluated =>
    [
        [new ResNet34(ResNetStem.SmallImage)],
        [new ResNet101(ResNetStem.SmallImage)],
        [new PyramidNet(110, 200)],
        [new Vgg16BN(VggClassifier.SmallImage)],
        [new Vgg19BN(VggClassifier.SmallImage)],
        [new ViTSmall(PatchSize: 4)],
        .. Trained,
    ];

    static IEnumerable<object[]> Trained =>
    [
        [new CifarResNet(8)],
        [new CifarResNet(20)],
        [new ResNet18(ResNetStem.SmallImage)],
        [new ResNet18(ResNetStem.ImageNet)],
        [new ResNet50()],
        [new WideResNet(16, 2)],
        [new ResNeXt29()],
        [new PyramidNet(20, 30)],
        [new DenseNet121()],
        [new MobileNetV2(Dropout: 0)],
        [new ViTTiny()],
    ];

    [TestMethod]
    [DynamicData(nameof(Evaluated))]
    public void Forward_in_eval_mode_gives_the_logits_of_PyTorch(ImageNetwork network)
    {
        var expected = PyTorchGolden.Of("image_networks", network.ToString());
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var module = expected.Filled(network.Build(expected.ImageShape, expected.Classes));
        module.eval();

        Near.Equal(expected.Logits, Near.Numbers(module.call(expected.Inputs())), Rounding);
    }

    [TestMethod]
    [DynamicData(nameof(Trained))]
    public void Forward_and_backward_in_training_give_what_PyTorch_gives(ImageNetwork network)
    {
        var expected = PyTorchGolden.Of("image_networks", network.ToString());
        using var scope = NewDisposeScope();
        var unshaken = network is PyramidNet pyramid ? pyramid with { FinalSurvival = 1 } : network;
        using var module = expected.Filled(unshaken.Build(expected.ImageShape, expected.Classes));
        module.train();

        var logits = module.call(expected.Inputs());
        PyTorchGolden.Backward(logits);

        Near.Equal(expected.TrainedLogits!, Near.Numbers(logits), RoundingInTraining);
        expected.CheckGradients(module, RoundingInTraining);
    }
}
