namespace Microsoft.ML.SharpnessAware;

/// <summary>The residual network of 34 layers; 21,797,672 parameters for 1000 classes. He et al. 2016, arXiv:1512.03385, table 1; parameters are named as in torchvision.</summary>
/// <param name="Stem">How the network begins; for ImageNet-sized photographs by default.</param>
public sealed record ResNet34(ResNetStem Stem = ResNetStem.ImageNet) : ResNet(Stem)
{
    private protected override int[] Blocks => [3, 4, 6, 3];
}
