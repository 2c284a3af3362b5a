using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>To more channels, a 3×3 convolution of each channel alone, and back to few; a shortcut where the shape stays. Sandler et al. 2018, arXiv:1801.04381, fig. 4 d.</summary>
internal sealed class InvertedResidual : nn.Module<Tensor, Tensor>
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
        nn.Sequential(Convolution.Of(from, to, size, stride, groups), nn.BatchNorm2d(to), new Relu6());

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var residual = _convolutions.call(x);
        return (_hasShortcut ? residual.add_(x) : residual).MoveToOuterDisposeScope();
    }
}
