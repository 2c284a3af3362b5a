namespace Microsoft.ML.SharpnessAware;

/// <summary>The residual networks for photographs. He et al. 2016, arXiv:1512.03385, table 1; parameters are named as in torchvision.</summary>
public abstract record ResNet : Network
{
    const int FirstWidth = 64;

    private protected ResNet(ResNetStem stem) => Stem = stem;

    /// <summary>How the network begins; for ImageNet-sized photographs by default.</summary>
    public ResNetStem Stem { get; init => field = Require.That(Enum.IsDefined(value), value, "ImageNet or SmallImage"); }

    /// <inheritdoc/>
    public override int DefaultSize => Stem == ResNetStem.ImageNet ? 224 : 32;

    /// <inheritdoc/>
    public override int MinimumSize => Stem == ResNetStem.ImageNet ? 32 : 8;

    private protected override Normalization? TrainedOn => Stem == ResNetStem.ImageNet ? Normalization.ImageNet : null;

    /// <summary>How many blocks each stage has.</summary>
    private protected abstract int[] Blocks { get; }

    /// <summary>True where blocks are bottlenecks, and put out four times as many channels.</summary>
    private protected virtual bool HasBottlenecks => false;

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) =>
        nn.Sequential([
            .. Beginning(input.Channels),
            .. Enumerable.Range(0, Blocks.Length).Select(number => ($"layer{number + 1}", Stage(number))),
            ("avgpool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("fc", nn.Linear(Width(Blocks.Length - 1), classes))]).WithHeInitialization();

    (string, nn.Module<Tensor, Tensor>)[] Beginning(int channels) => Stem == ResNetStem.ImageNet
        ? [
            ("conv1", Convolution.Of(channels, FirstWidth, size: 7, stride: 2)),
            ("bn1", nn.BatchNorm2d(FirstWidth)),
            ("relu", nn.ReLU(inplace: true)),
            ("maxpool", nn.MaxPool2d(3, 2, 1))]
        : [
            ("conv1", Convolution.Of(channels, FirstWidth, size: 3)),
            ("bn1", nn.BatchNorm2d(FirstWidth)),
            ("relu", nn.ReLU(inplace: true))];

    nn.Module<Tensor, Tensor> Stage(int number)
    {
        var from = number == 0 ? FirstWidth : Width(number - 1);
        return HasBottlenecks
            ? ResidualStage.OfBottlenecks(Blocks[number], from, FirstWidth << number, Width(number), stride: number == 0 ? 1 : 2)
            : ResidualStage.Of(Blocks[number], from, Width(number), ProjectionShortcut.Of);
    }

    int Width(int stage) => (FirstWidth << stage) * (HasBottlenecks ? 4 : 1);
}
