using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Two 3×3 convolutions, and a shortcut around them. He et al. 2016, arXiv:1512.03385, fig. 5 left.</summary>
internal sealed class BasicBlock : nn.Module<Tensor, Tensor>
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
}
