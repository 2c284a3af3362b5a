namespace Microsoft.ML.SharpnessAware;

/// <summary>The narrow residual networks for small images, without weights in the shortcuts. He et al. 2016, arXiv:1512.03385, §4.2.</summary>
/// <param name="Depth">Layers with weights: 8, 14, 20, 32, 44, 56, 110, or any other 6n + 2; 20 by default.</param>
public sealed record CifarResNet(int Depth = 20) : ImageNetwork
{
    /// <summary>Layers with weights: 6n + 2, with n blocks in each of three stages.</summary>
    public int Depth { get; init => field = SixNPlusTwo(value); } = SixNPlusTwo(Depth);

    /// <inheritdoc/>
    public override int DefaultSize => 32;

    /// <inheritdoc/>
    public override int MinimumSize => 4;

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes)
    {
        var blocks = (Depth - 2) / 6;
        return nn.Sequential(
            ("conv1", Convolution.Of(input.Channels, 16, size: 3)),
            ("bn1", nn.BatchNorm2d(16)),
            ("relu", nn.ReLU(inplace: true)),
            ("layer1", ResidualStage.Of(blocks, 16, 16, ZeroPadShortcut.Of)),
            ("layer2", ResidualStage.Of(blocks, 16, 32, ZeroPadShortcut.Of)),
            ("layer3", ResidualStage.Of(blocks, 32, 64, ZeroPadShortcut.Of)),
            ("avgpool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("fc", nn.Linear(64, classes))).WithHeInitialization();
    }

    // Of the second convolution of each block in the last stage.
    internal override double LeastWeights(ImageShape input) => (Depth - 2) / 6 * 9.0 * 64 * 64;

    static int SixNPlusTwo(int value) =>
        Require.That(value >= 8 && value % 6 == 2, value, "8, 14, 20 or another 6n + 2", nameof(Depth));
}

/// <summary>The shortcut without weights, option A: every second pixel, and zeros for the channels that are new. He et al. 2016, arXiv:1512.03385, §3.3.</summary>
/// <remarks>The zeros follow the old channels, as in the authors' Torch code.</remarks>
internal sealed class ZeroPadShortcut : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    readonly long _newChannels;

    ZeroPadShortcut(long newChannels) : base(nameof(ZeroPadShortcut)) => _newChannels = newChannels;

    public static nn.Module<Tensor, Tensor> Of(int from, int to) => new ZeroPadShortcut(to - from);

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var halved = x.slice(2, 0, x.shape[2], 2).slice(3, 0, x.shape[3], 2);
        return nn.functional.pad(halved, [0, 0, 0, 0, 0, _newChannels]).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x)
    {
        var halved = graph.Slice(graph.Slice(x, axis: 2, 0, long.MaxValue, step: 2), axis: 3, 0, long.MaxValue, step: 2);
        return graph.PadChannels(halved, _newChannels);
    }
}
