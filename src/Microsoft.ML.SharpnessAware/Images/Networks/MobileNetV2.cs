using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A small and fast network for photographs; 3,504,872 parameters for 1000 classes. Sandler et al. 2018, arXiv:1801.04381, table 2; parameters are named and initialized as in torchvision.</summary>
/// <param name="Dropout">Dropout probability of the last layer's inputs; 0.2 by default.</param>
public sealed record MobileNetV2(double Dropout = 0.2) : ImageNetwork
{
    const int FirstWidth = 32;
    const int LastWidth = 1280;

    // t, c, n and s of table 2.
    static readonly (int Expansion, int Width, int Blocks, int Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    /// <summary>Dropout probability of the last layer's inputs.</summary>
    public double Dropout { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Dropout);

    /// <inheritdoc/>
    public override int DefaultSize => 224;

    /// <inheritdoc/>
    public override int MinimumSize => 32;

    /// <inheritdoc/>
    protected override string LastLayer => "classifier.1";

    /// <inheritdoc/>
    protected override Normalization? TrainedOn => Normalization.ImageNet;

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(
        ("features", nn.Sequential(Features(input.Channels))),
        ("avgpool", nn.AdaptiveAvgPool2d(1)),
        ("flatten", nn.Flatten()),
        ("classifier", nn.Sequential(nn.Dropout(Dropout), nn.Linear(LastWidth, classes)))).WithHeInitialization().WithNormalMatrices(0.01).WithZeroBiases();

    static IEnumerable<nn.Module<Tensor, Tensor>> Features(int channels)
    {
        yield return InvertedResidual.Activated(channels, FirstWidth, size: 3, stride: 2);
        var from = FirstWidth;
        foreach (var stage in Stages)
            for (var block = 0; block < stage.Blocks; block++)
            {
                yield return new InvertedResidual(from, stage.Width, block == 0 ? stage.Stride : 1, stage.Expansion);
                from = stage.Width;
            }
        yield return InvertedResidual.Activated(from, LastWidth, size: 1);
    }
}

/// <summary>To more channels, a 3×3 convolution of each channel alone, and back to few; a shortcut where the shape stays. Sandler et al. 2018, arXiv:1801.04381, fig. 4 d.</summary>
internal sealed class InvertedResidual : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    [ComponentName(Name = "conv")] readonly nn.Module<Tensor, Tensor> _convolutions;
    readonly bool _hasShortcut;

    public InvertedResidual(int from, int to, int stride, int expansion) : base(nameof(InvertedResidual))
    {
        var inner = from * expansion;
        var expand = expansion == 1 ? [] : new[] { Activated(from, inner, size: 1) };
        _convolutions = nn.Sequential([
            .. expand,
            Activated(inner, inner, size: 3, stride, groups: inner),
            Convolution.Of(inner, to, size: 1),
            nn.BatchNorm2d(to)]);
        _hasShortcut = stride == 1 && from == to;
        RegisterComponents();
    }

    /// <summary>A convolution, batch norm and a ReLU up to 6.</summary>
    public static nn.Module<Tensor, Tensor> Activated(int from, int to, int size, int stride = 1, int groups = 1) =>
        nn.Sequential(Convolution.Of(from, to, size, stride, groups), nn.BatchNorm2d(to), nn.ReLU6(inplace: true));

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var residual = _convolutions.call(x);
        return (_hasShortcut ? residual.add_(x) : residual).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x)
    {
        var residual = graph.Call(_convolutions, x);
        return _hasShortcut ? graph.Add(residual, x) : residual;
    }
}
