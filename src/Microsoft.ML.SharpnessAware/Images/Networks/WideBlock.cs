using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Norms and ReLUs before two 3×3 convolutions, and a shortcut around all. Zagoruyko and Komodakis 2016, arXiv:1605.07146, fig. 1 c and d.</summary>
internal sealed class WideBlock : nn.Module<Tensor, Tensor>
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
}
