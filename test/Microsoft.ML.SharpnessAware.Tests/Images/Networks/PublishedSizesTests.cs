namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>As many parameters as torchvision and timm print, and for small images as the authors or https://github.com/osmr/imgclsmob.</summary>
[TestClass]
public class PublishedSizesTests
{
    static readonly ImageShape _photograph = new(3, 224, 224);
    static readonly ImageShape _smallImage = new(3, 32, 32);

    static IEnumerable<object[]> Photographs =>
    [
        [new ResNet34(), 21_797_672],
        [new ResNet50(), 25_557_032],
        [new ResNet101(), 44_549_160],
        [new Vgg16BN(), 138_365_992],
        [new Vgg19BN(), 143_678_248],
        [new DenseNet121(), 7_978_856],
        [new MobileNetV2(), 3_504_872],
        [new ViTTiny(), 5_717_416],
        [new ViTSmall(), 22_050_664],
        [new ViTBase(), 86_567_656],
    ];

    static IEnumerable<object[]> SmallImages =>
    [
        [new WideResNet(28, 10), 36_479_194],
        [new WideResNet(28, 2), 1_467_610],
        [new WideResNet(16, 8), 10_961_370],
        [new WideResNet(16, 4), 2_748_890],
        [new ResNeXt29(32, 4), 4_775_754],
        [new PyramidNet(110, 200), 10_668_722], // not published; counted in Golden/Networks/image_networks.py
        [new PyramidNet(272, 200), 26_210_842],
        [new Vgg16BN(VggClassifier.SmallImage), 14_728_266],
        [new Vgg19BN(VggClassifier.SmallImage), 20_040_522],
    ];

    [TestMethod]
    [DynamicData(nameof(Photographs))]
    public void Build_for_a_thousand_classes_has_as_many_weights_as_published(ImageNetwork network, int weights) =>
        Assert.AreEqual(weights, Count(network, _photograph, classes: 1000));

    [TestMethod]
    [DynamicData(nameof(SmallImages))]
    public void Build_for_ten_classes_has_as_many_weights_as_published(ImageNetwork network, int weights) =>
        Assert.AreEqual(weights, Count(network, _smallImage, classes: 10));

    static long Count(ImageNetwork network, ImageShape shape, int classes)
    {
        using var module = network.Build(shape, classes);
        return module.parameters().Sum(p => p.NumberOfElements);
    }
}
