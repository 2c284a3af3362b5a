using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The residual networks for photographs. He et al. 2016, arXiv:1512.03385, table 1; parameters are named as in torchvision.</summary>
public abstract record ResNet : ImageNetwork
{
    const int FirstWidth = 64;

    private protected ResNet(ResNetStem stem) => Stem = stem;

    /// <summary>How the network begins; for ImageNet-sized photographs by default.</summary>
    public ResNetStem Stem { get; init => field = Require.That(Enum.IsDefined(value), value, "ImageNet or SmallImage"); }

    /// <inheritdoc/>
    public override int DefaultSize => Stem == ResNetStem.ImageNet ? 224 : 32;

    /// <inheritdoc/>
    public override int MinimumSize => Stem == ResNetStem.ImageNet ? 32 : 8;

    /// <inheritdoc/>
    protected override Normalization? TrainedOn => Stem == ResNetStem.ImageNet ? Normalization.ImageNet : null;

    /// <summary>How many blocks each stage has.</summary>
    private protected abstract int[] Blocks { get; }

    /// <summary>True where blocks are bottlenecks, and put out four times as many channels.</summary>
    private protected virtual bool HasBottlenecks => false;

    /// <summary>What comes before the first convolution.</summary>
    private protected virtual (string, nn.Module<Tensor, Tensor>)[] InputLayers(ImageShape input) => [];

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) =>
        nn.Sequential([
            .. InputLayers(input),
            .. Beginning(input.Channels),
            .. Enumerable.Range(0, Blocks.Length).Select(number => ($"layer{number + 1}", Stage(number))),
            ("avgpool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("fc", nn.Linear(Width(Blocks.Length - 1), classes))]).WithHeInitialization();

    // Of the 3×3 convolution of each block that keeps the width.
    internal override double LeastWeights(ImageShape input) => Blocks.Index().Sum(stage => stage.Item * 9.0 * Math.Pow(FirstWidth << stage.Index, 2));

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

/// <summary>Two 3×3 convolutions, and a shortcut around them. He et al. 2016, arXiv:1512.03385, fig. 5 left.</summary>
internal sealed class BasicBlock : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    [ComponentName(Name = "conv1")] readonly nn.Module<Tensor, Tensor> _conv1;
    [ComponentName(Name = "bn1")] readonly nn.Module<Tensor, Tensor> _bn1;
    [ComponentName(Name = "conv2")] readonly nn.Module<Tensor, Tensor> _conv2;
    [ComponentName(Name = "bn2")] readonly nn.Module<Tensor, Tensor> _bn2;
    [ComponentName(Name = "downsample")] readonly nn.Module<Tensor, Tensor>? _shortcut;

    /// <summary>A block whose output has the shape of its input, which is its own shortcut.</summary>
    public BasicBlock(int channels) : this(channels, channels, stride: 1, shortcut: null) { }

    /// <summary>A block that halves height and width.</summary>
    public BasicBlock(int from, int to, nn.Module<Tensor, Tensor> shortcut) : this(from, to, stride: 2, shortcut) { }

    BasicBlock(int from, int to, int stride, nn.Module<Tensor, Tensor>? shortcut) : base(nameof(BasicBlock))
    {
        _conv1 = Convolution.Of(from, to, size: 3, stride);
        _bn1 = nn.BatchNorm2d(to);
        _conv2 = Convolution.Of(to, to, size: 3);
        _bn2 = nn.BatchNorm2d(to);
        _shortcut = shortcut;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var inner = _bn1.call(_conv1.call(x)).relu_();
        var residual = _bn2.call(_conv2.call(inner));
        return residual.add_(_shortcut?.call(x) ?? x).relu_().MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x)
    {
        var inner = graph.Relu(graph.Call(_bn1, graph.Call(_conv1, x)));
        var residual = graph.Call(_bn2, graph.Call(_conv2, inner));
        return graph.Relu(graph.Add(residual, _shortcut is null ? x : graph.Call(_shortcut, x)));
    }
}

/// <summary>A 1×1, a 3×3 and a 1×1 convolution, and a shortcut around them. He et al. 2016, arXiv:1512.03385, fig. 5 right; in groups: Xie et al. 2017, arXiv:1611.05431, fig. 3c.</summary>
/// <remarks>The 3×3 convolution has the stride, as in torchvision and in the code of Xie et al.; in He et al. it is the first 1×1.</remarks>
internal sealed class Bottleneck : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    [ComponentName(Name = "conv1")] readonly nn.Module<Tensor, Tensor> _conv1;
    [ComponentName(Name = "bn1")] readonly nn.Module<Tensor, Tensor> _bn1;
    [ComponentName(Name = "conv2")] readonly nn.Module<Tensor, Tensor> _conv2;
    [ComponentName(Name = "bn2")] readonly nn.Module<Tensor, Tensor> _bn2;
    [ComponentName(Name = "conv3")] readonly nn.Module<Tensor, Tensor> _conv3;
    [ComponentName(Name = "bn3")] readonly nn.Module<Tensor, Tensor> _bn3;
    [ComponentName(Name = "downsample")] readonly nn.Module<Tensor, Tensor>? _shortcut;

    public Bottleneck(int from, int inner, int to, int stride, int groups) : base(nameof(Bottleneck))
    {
        _conv1 = Convolution.Of(from, inner, size: 1);
        _bn1 = nn.BatchNorm2d(inner);
        _conv2 = Convolution.Of(inner, inner, size: 3, stride, groups);
        _bn2 = nn.BatchNorm2d(inner);
        _conv3 = Convolution.Of(inner, to, size: 1);
        _bn3 = nn.BatchNorm2d(to);
        _shortcut = stride == 1 && from == to ? null : ProjectionShortcut.Of(from, to, stride);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var narrow = _bn1.call(_conv1.call(x)).relu_();
        var inner = _bn2.call(_conv2.call(narrow)).relu_();
        var residual = _bn3.call(_conv3.call(inner));
        return residual.add_(_shortcut?.call(x) ?? x).relu_().MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x)
    {
        var narrow = graph.Relu(graph.Call(_bn1, graph.Call(_conv1, x)));
        var inner = graph.Relu(graph.Call(_bn2, graph.Call(_conv2, narrow)));
        var residual = graph.Call(_bn3, graph.Call(_conv3, inner));
        return graph.Relu(graph.Add(residual, _shortcut is null ? x : graph.Call(_shortcut, x)));
    }
}

/// <summary>A convolution as residual networks have it: padded to keep the size (or halve it, with stride 2), without a bias, which batch norm would undo.</summary>
internal static class Convolution
{
    public static nn.Module<Tensor, Tensor> Of(int from, int to, int size, int stride = 1, int groups = 1) =>
        nn.Conv2d(from, to, size, stride, size / 2, groups: groups, bias: false);
}

/// <summary>The shortcut with weights, option B: a 1×1 convolution. He et al. 2016, arXiv:1512.03385, §3.3.</summary>
internal static class ProjectionShortcut
{
    /// <summary>One that halves height and width.</summary>
    public static nn.Module<Tensor, Tensor> Of(int from, int to) => Of(from, to, stride: 2);

    public static nn.Module<Tensor, Tensor> Of(int from, int to, int stride) =>
        nn.Sequential(Convolution.Of(from, to, size: 1, stride), nn.BatchNorm2d(to));
}

/// <summary>The residual network of 101 layers; 44,549,160 parameters for 1000 classes. He et al. 2016, arXiv:1512.03385, table 1; parameters are named as in torchvision.</summary>
/// <param name="Stem">How the network begins; for ImageNet-sized photographs by default.</param>
public sealed record ResNet101(ResNetStem Stem = ResNetStem.ImageNet) : ResNet(Stem)
{
    private protected override int[] Blocks => [3, 4, 23, 3];

    private protected override bool HasBottlenecks => true;
}

/// <summary>The residual network of 18 layers; 11,689,512 parameters for 1000 classes. He et al. 2016, arXiv:1512.03385, table 1; parameters are named as in torchvision.</summary>
/// <param name="Stem">How the network begins; for ImageNet-sized photographs by default.</param>
public sealed record ResNet18(ResNetStem Stem = ResNetStem.ImageNet) : ResNet(Stem)
{
    private protected override int[] Blocks => [2, 2, 2, 2];
}

/// <summary>The residual network of 34 layers; 21,797,672 parameters for 1000 classes. He et al. 2016, arXiv:1512.03385, table 1; parameters are named as in torchvision.</summary>
/// <param name="Stem">How the network begins; for ImageNet-sized photographs by default.</param>
public sealed record ResNet34(ResNetStem Stem = ResNetStem.ImageNet) : ResNet(Stem)
{
    private protected override int[] Blocks => [3, 4, 6, 3];
}

/// <summary>The residual network of 50 layers; 25,557,032 parameters for 1000 classes. He et al. 2016, arXiv:1512.03385, table 1; parameters are named as in torchvision.</summary>
/// <param name="Stem">How the network begins; for ImageNet-sized photographs by default.</param>
public sealed record ResNet50(ResNetStem Stem = ResNetStem.ImageNet) : ResNet(Stem)
{
    private protected override int[] Blocks => [3, 4, 6, 3];

    private protected override bool HasBottlenecks => true;
}

/// <summary>A residual network with a given number of blocks in each of its four stages; parameters are named as in torchvision.</summary>
/// <param name="Blocks1">Blocks of the first stage, with 64 channels; 2 by default, as in <see cref="ResNet18"/>, in each stage.</param>
/// <param name="Blocks2">Blocks of the second stage, with 128 channels.</param>
/// <param name="Blocks3">Blocks of the third stage, with 256 channels.</param>
/// <param name="Blocks4">Blocks of the fourth stage, with 512 channels.</param>
/// <param name="Bottlenecks">Whether blocks are bottlenecks, with four times as many output channels; false by default.</param>
/// <param name="Stem">How the network begins; for ImageNet-sized photographs by default.</param>
public sealed record CustomResNet(int Blocks1 = 2, int Blocks2 = 2, int Blocks3 = 2, int Blocks4 = 2, bool Bottlenecks = false, ResNetStem Stem = ResNetStem.ImageNet) : ResNet(Stem)
{
    /// <summary>Blocks of the first stage, with 64 channels.</summary>
    public int Blocks1 { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Blocks1);

    /// <summary>Blocks of the second stage, with 128 channels.</summary>
    public int Blocks2 { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Blocks2);

    /// <summary>Blocks of the third stage, with 256 channels.</summary>
    public int Blocks3 { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Blocks3);

    /// <summary>Blocks of the fourth stage, with 512 channels.</summary>
    public int Blocks4 { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Blocks4);

    private protected override int[] Blocks => [Blocks1, Blocks2, Blocks3, Blocks4];

    private protected override bool HasBottlenecks => Bottlenecks;
}

/// <summary>How a <see cref="ResNet"/> begins.</summary>
public enum ResNetStem
{
    /// <summary>A 7×7 convolution of stride 2 and a max-pool, as published: for images of about 100 to 300 pixels.</summary>
    ImageNet,

    /// <summary>A 3×3 convolution of stride 1 and no max-pool: for images of about 8 to 64 pixels.</summary>
    SmallImage,
}

/// <summary>Blocks of one width in a row.</summary>
internal static class ResidualStage
{
    /// <summary>A stage that is wider than what comes in halves height and width in its first block.</summary>
    public static nn.Module<Tensor, Tensor> Of(int blocks, int from, int to, Func<int, int, nn.Module<Tensor, Tensor>> shortcut)
    {
        var first = from == to ? new BasicBlock(to) : new BasicBlock(from, to, shortcut(from, to));
        return nn.Sequential([first, .. Enumerable.Range(1, blocks - 1).Select(_ => new BasicBlock(to))]);
    }

    /// <summary>A stage whose first block has the stride.</summary>
    public static nn.Module<Tensor, Tensor> OfBottlenecks(int blocks, int from, int inner, int to, int stride, int groups = 1) =>
        nn.Sequential(Enumerable.Range(0, blocks).Select(block => block == 0
            ? new Bottleneck(from, inner, to, stride, groups)
            : new Bottleneck(to, inner, to, stride: 1, groups)));
}
