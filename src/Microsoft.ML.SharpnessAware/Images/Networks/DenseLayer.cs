using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Adds a few channels to those that come in. Huang et al. 2017, arXiv:1608.06993, §3, DenseNet-B.</summary>
internal sealed class DenseLayer : nn.Module<Tensor, Tensor>
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
}
