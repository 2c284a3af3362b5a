using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A 1×1, a 3×3 and a 1×1 convolution, and a shortcut around them. He et al. 2016, arXiv:1512.03385, fig. 5 right; in groups: Xie et al. 2017, arXiv:1611.05431, fig. 3c.</summary>
/// <remarks>The 3×3 convolution has the stride, as in torchvision and in the code of Xie et al.; in He et al. it is the first 1×1.</remarks>
internal sealed class Bottleneck : nn.Module<Tensor, Tensor>
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
}
