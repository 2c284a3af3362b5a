using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The densely connected network of 121 layers; 7,978,856 parameters for 1000 classes. Huang et al. 2017, arXiv:1608.06993, table 1; parameters are named and initialized as in torchvision.</summary>
public sealed record DenseNet121 : ImageNetwork
{
    const int Growth = 32;
    const int FirstWidth = 64;

    static readonly int[] Layers = [6, 12, 24, 16];

    /// <inheritdoc/>
    public override int DefaultSize => 224;

    /// <inheritdoc/>
    public override int MinimumSize => 32;

    /// <inheritdoc/>
    protected override string LastLayer => "classifier";

    /// <inheritdoc/>
    protected override Normalization? TrainedOn => Normalization.ImageNet;

    // As torchvision's oldest files have it.
    private protected override string NameInModule(string nameInFile) => nameInFile
        .Replace(".norm.1.", ".norm1.", StringComparison.Ordinal).Replace(".conv.1.", ".conv1.", StringComparison.Ordinal)
        .Replace(".norm.2.", ".norm2.", StringComparison.Ordinal).Replace(".conv.2.", ".conv2.", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes)
    {
        var width = FirstWidth;
        List<(string, nn.Module<Tensor, Tensor>)> features =
        [
            ("conv0", Convolution.Of(input.Channels, width, size: 7, stride: 2)),
            ("norm0", nn.BatchNorm2d(width)),
            ("relu0", nn.ReLU(inplace: true)),
            ("pool0", nn.MaxPool2d(3, 2, 1)),
        ];
        foreach (var (number, layers) in Layers.Index())
        {
            if (number > 0)
                features.Add(($"transition{number}", Transition(width, width /= 2)));
            features.Add(($"denseblock{number + 1}", Block(layers, width)));
            width += layers * Growth;
        }
        features.Add(("norm5", nn.BatchNorm2d(width)));
        return nn.Sequential(
            ("features", nn.Sequential(features)),
            ("relu", nn.ReLU(inplace: true)),
            ("avgpool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("classifier", nn.Linear(width, classes))).WithHeInitialization(nn.init.FanInOut.FanIn).WithZeroBiases();
    }

    static nn.Module<Tensor, Tensor> Block(int layers, int width) => nn.Sequential(
        Enumerable.Range(0, layers).Select(layer => ($"denselayer{layer + 1}", (nn.Module<Tensor, Tensor>)new DenseLayer(width + layer * Growth, Growth))));

    static nn.Module<Tensor, Tensor> Transition(int from, int to) => nn.Sequential(
        ("norm", nn.BatchNorm2d(from)),
        ("relu", nn.ReLU(inplace: true)),
        ("conv", Convolution.Of(from, to, size: 1)),
        ("pool", nn.AvgPool2d(2, 2)));
}

/// <summary>Adds a few channels to those that come in. Huang et al. 2017, arXiv:1608.06993, §3, DenseNet-B.</summary>
internal sealed class DenseLayer : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    const int Bottleneck = 4;

    [ComponentName(Name = "norm1")] readonly nn.Module<Tensor, Tensor> _norm1;
    [ComponentName(Name = "conv1")] readonly nn.Module<Tensor, Tensor> _conv1;
    [ComponentName(Name = "norm2")] readonly nn.Module<Tensor, Tensor> _norm2;
    [ComponentName(Name = "conv2")] readonly nn.Module<Tensor, Tensor> _conv2;

    public DenseLayer(int from, int growth) : base(nameof(DenseLayer))
    {
        _norm1 = nn.BatchNorm2d(from);
        _conv1 = Convolution.Of(from, Bottleneck * growth, size: 1);
        _norm2 = nn.BatchNorm2d(Bottleneck * growth);
        _conv2 = Convolution.Of(Bottleneck * growth, growth, size: 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var inner = _conv1.call(_norm1.call(x).relu_());
        var grown = _conv2.call(_norm2.call(inner).relu_());
        return cat([x, grown], 1).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x)
    {
        var inner = graph.Call(_conv1, graph.Relu(graph.Call(_norm1, x)));
        var grown = graph.Call(_conv2, graph.Relu(graph.Call(_norm2, inner)));
        return graph.Concat(1, x, grown);
    }
}
