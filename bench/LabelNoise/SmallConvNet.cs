using Microsoft.ML.SharpnessAware;

namespace LabelNoise;

/// <summary>Three convolutions with batch norm, the first two followed by max-pooling, a mean over what is left, and a linear layer.</summary>
/// <param name="Width">Channels of the first convolution; the second has twice, the third four times as many.</param>
sealed record SmallConvNet(int Width = 16) : ImageNetwork
{
    public override int DefaultSize => Clothes.Size;

    public override int MinimumSize => 4;

    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(
        ("conv1", nn.Conv2d(input.Channels, Width, 3, 1, 1, bias: false)),
        ("bn1", nn.BatchNorm2d(Width)),
        ("relu1", nn.ReLU(inplace: true)),
        ("pool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(Width, 2 * Width, 3, 1, 1, bias: false)),
        ("bn2", nn.BatchNorm2d(2 * Width)),
        ("relu2", nn.ReLU(inplace: true)),
        ("pool2", nn.MaxPool2d(2)),
        ("conv3", nn.Conv2d(2 * Width, 4 * Width, 3, 1, 1, bias: false)),
        ("bn3", nn.BatchNorm2d(4 * Width)),
        ("relu3", nn.ReLU(inplace: true)),
        ("avgpool", nn.AdaptiveAvgPool2d(1)),
        ("flatten", nn.Flatten()),
        ("fc", nn.Linear(4 * Width, classes)));
}
