using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Residual networks that are wide instead of deep, for small images. Zagoruyko and Komodakis 2016, arXiv:1605.07146, table 1.</summary>
/// <remarks>For 10 classes, 28-10 has 36,479,194 parameters, 28-2 1,467,610, 16-8 10,961,370 and 16-4 2,748,890. They are named as in the widely used PyTorch version, https://github.com/xternalz/WideResNet-pytorch.</remarks>
/// <param name="Depth">Layers with weights: 16, 22, 28, 40, or any other 6n + 4; 28 by default.</param>
/// <param name="Width">The factor by which it is wider than a narrow network of 16, 32 and 64 channels; 10 by default.</param>
/// <param name="Dropout">Dropout probability between the convolutions of a block; 0 by default, 0.3 in §3.3 of the paper.</param>
public sealed record WideResNet(int Depth = 28, int Width = 10, double Dropout = 0) : ImageNetwork
{
    const int FirstWidth = 16;

    /// <summary>Layers with weights: 6n + 4, with n blocks in each of three stages.</summary>
    public int Depth { get; init => field = SixNPlusFour(value); } = SixNPlusFour(Depth);

    /// <summary>The factor by which it is wider than a narrow network.</summary>
    public int Width { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Width);

    /// <summary>Dropout probability between the convolutions of a block.</summary>
    public double Dropout { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Dropout);

    /// <inheritdoc/>
    public override int DefaultSize => 32;

    /// <inheritdoc/>
    public override int MinimumSize => 4;

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(
        ("conv1", Convolution.Of(input.Channels, FirstWidth, size: 3)),
        ("block1", Stage(FirstWidth, FirstWidth * Width, stride: 1)),
        ("block2", Stage(FirstWidth * Width, 2 * FirstWidth * Width, stride: 2)),
        ("block3", Stage(2 * FirstWidth * Width, 4 * FirstWidth * Width, stride: 2)),
        ("bn1", nn.BatchNorm2d(4 * FirstWidth * Width)),
        ("relu", nn.ReLU(inplace: true)),
        ("avgpool", nn.AdaptiveAvgPool2d(1)),
        ("flatten", nn.Flatten()),
        ("fc", nn.Linear(4 * FirstWidth * Width, classes))).WithHeInitialization().WithZeroBiases();

    // Of the second convolution of each block in the last stage.
    internal override double LeastWeights(ImageShape input) => (Depth - 4) / 6 * 9.0 * Math.Pow(4.0 * FirstWidth * Width, 2);

    nn.Module<Tensor, Tensor> Stage(int from, int to, int stride)
    {
        var blocks = Enumerable.Range(0, (Depth - 4) / 6).Select(block => block == 0
            ? new WideBlock(from, to, stride, Dropout)
            : new WideBlock(to, to, stride: 1, Dropout));
        return nn.Sequential(("layer", nn.Sequential(blocks)));
    }

    static int SixNPlusFour(int value) =>
        Require.That(value >= 10 && value % 6 == 4, value, "10, 16, 22, 28 or another 6n + 4", nameof(Depth));
}

/// <summary>Norms and ReLUs before two 3×3 convolutions, and a shortcut around all. Zagoruyko and Komodakis 2016, arXiv:1605.07146, fig. 1 c and d.</summary>
internal sealed class WideBlock : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    [ComponentName(Name = "bn1")] readonly nn.Module<Tensor, Tensor> _bn1;
    [ComponentName(Name = "conv1")] readonly nn.Module<Tensor, Tensor> _conv1;
    [ComponentName(Name = "bn2")] readonly nn.Module<Tensor, Tensor> _bn2;
    [ComponentName(Name = "dropout")] readonly nn.Module<Tensor, Tensor> _dropout;
    [ComponentName(Name = "conv2")] readonly nn.Module<Tensor, Tensor> _conv2;
    [ComponentName(Name = "convShortcut")] readonly nn.Module<Tensor, Tensor>? _shortcut;

    public WideBlock(int from, int to, int stride, double dropout) : base(nameof(WideBlock))
    {
        _bn1 = nn.BatchNorm2d(from);
        _conv1 = Convolution.Of(from, to, size: 3, stride);
        _bn2 = nn.BatchNorm2d(to);
        _dropout = nn.Dropout(dropout);
        _conv2 = Convolution.Of(to, to, size: 3);
        _shortcut = from == to ? null : Convolution.Of(from, to, size: 1, stride);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var active = _bn1.call(x).relu_();
        var inner = _bn2.call(_conv1.call(active)).relu_();
        var residual = _conv2.call(_dropout.call(inner));
        return residual.add_(_shortcut?.call(active) ?? x).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x)
    {
        var active = graph.Relu(graph.Call(_bn1, x));
        var inner = graph.Relu(graph.Call(_bn2, graph.Call(_conv1, active)));
        var residual = graph.Call(_conv2, graph.Call(_dropout, inner));
        return graph.Add(residual, _shortcut is null ? x : graph.Call(_shortcut, active));
    }
}
