namespace Microsoft.ML.SharpnessAware;

/// <summary>Residual networks that widen a little with each block, for small images: Han et al. 2017, arXiv:1610.02915, with bottlenecks; and ShakeDrop: Yamada et al. 2018, arXiv:1802.02375.</summary>
/// <remarks>For 10 classes and α = 200, 110 layers have 10,668,722 parameters and 272 have 26,210,842. They are named as in the authors' PyTorch code.</remarks>
/// <param name="Depth">Layers with weights: 110, 164, 200, 272, or any other 9n + 2; 110 by default.</param>
/// <param name="Alpha">How many channels more the last block's inner convolution has than the first layer's 16; 200 by default.</param>
/// <param name="FinalSurvival">The probability that ShakeDrop leaves the last block as it is; that of the others lies between it and 1, evenly. 0.5 by default; 1 for none.</param>
public sealed record PyramidNet(int Depth = 110, int Alpha = 200, double FinalSurvival = 0.5) : Network
{
    const int Stages = 3;
    const int FirstWidth = 16;

    /// <summary>Layers with weights: 9n + 2, with n blocks in each of three stages.</summary>
    public int Depth { get; init => field = NineNPlusTwo(value); } = NineNPlusTwo(Depth);

    /// <summary>How many channels more the last block's inner convolution has than the first layer.</summary>
    public int Alpha { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Alpha);

    /// <summary>The probability that ShakeDrop leaves the last block as it is.</summary>
    public double FinalSurvival { get; init => field = Require.Fraction(value); } = Require.Fraction(FinalSurvival);

    /// <inheritdoc/>
    public override int DefaultSize => 32;

    /// <inheritdoc/>
    public override int MinimumSize => 4;

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes)
    {
        var blocks = Blocks().ToArray();
        var width = PyramidBlock.Expansion * (FirstWidth + Alpha);
        return nn.Sequential([
            ("conv1", Convolution.Of(input.Channels, FirstWidth, size: 3)),
            ("bn1", nn.BatchNorm2d(FirstWidth)),
            .. blocks.Chunk(blocks.Length / Stages).Select((stage, number) => ($"layer{number + 1}", (nn.Module<Tensor, Tensor>)nn.Sequential(stage))),
            ("bn_final", nn.BatchNorm2d(width)),
            ("relu_final", nn.ReLU(inplace: true)),
            ("avgpool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("fc", nn.Linear(width, classes))]).WithHeInitialization();
    }

    IEnumerable<nn.Module<Tensor, Tensor>> Blocks()
    {
        var count = (Depth - 2) / 9 * Stages;
        var (from, width) = (FirstWidth, (double)FirstWidth);
        for (var number = 0; number < count; number++)
        {
            width += (double)Alpha / count;
            var inner = (int)Math.Round(width);
            var halves = number > 0 && number % (count / Stages) == 0;
            yield return new PyramidBlock(from, inner, stride: halves ? 2 : 1, survival: 1 - (1 - FinalSurvival) * (number + 1) / count);
            from = PyramidBlock.Expansion * inner;
        }
    }

    static int NineNPlusTwo(int value) =>
        Require.That(value >= 11 && value % 9 == 2, value, "11, 20, 110, 272 or another 9n + 2", nameof(Depth));
}
