namespace Microsoft.ML.SharpnessAware;

/// <summary>The residual network for small images whose 3×3 convolutions are in groups; 4,775,754 parameters for 10 classes. Xie et al. 2017, arXiv:1611.05431, §5.3.</summary>
/// <remarks>Parameters are named as in torchvision's ResNeXts, of which there are none for small images.</remarks>
/// <param name="Cardinality">Groups; 32 by default.</param>
/// <param name="Width">Channels of a group in the first stage, doubled in each later one; 4 by default.</param>
public sealed record ResNeXt29(int Cardinality = 32, int Width = 4) : ImageNetwork
{
    const int BlocksInStage = 3;
    const int FirstOutput = 256;

    /// <summary>Groups.</summary>
    public int Cardinality { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Cardinality);

    /// <summary>Channels of a group in the first stage.</summary>
    public int Width { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Width);

    /// <inheritdoc/>
    public override int DefaultSize => 32;

    /// <inheritdoc/>
    public override int MinimumSize => 4;

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(
        ("conv1", Convolution.Of(input.Channels, 64, size: 3)),
        ("bn1", nn.BatchNorm2d(64)),
        ("relu", nn.ReLU(inplace: true)),
        ("layer1", Stage(0, from: 64, stride: 1)),
        ("layer2", Stage(1, FirstOutput, stride: 2)),
        ("layer3", Stage(2, 2 * FirstOutput, stride: 2)),
        ("avgpool", nn.AdaptiveAvgPool2d(1)),
        ("flatten", nn.Flatten()),
        ("fc", nn.Linear(4 * FirstOutput, classes))).WithHeInitialization();

    // Of the 3×3 and the last convolution of each block in the last stage.
    internal override double LeastWeights(ImageShape input) => BlocksInStage * (double)Cardinality * Width * (9 * 16.0 * Width + 4 * 4 * FirstOutput);

    nn.Module<Tensor, Tensor> Stage(int number, int from, int stride) =>
        ResidualStage.OfBottlenecks(BlocksInStage, from, (Cardinality * Width) << number, FirstOutput << number, stride, groups: Cardinality);
}
