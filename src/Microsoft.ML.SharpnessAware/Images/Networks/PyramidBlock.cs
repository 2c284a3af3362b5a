using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A bottleneck that begins and ends with a norm, and a shortcut without weights. Han et al. 2017, arXiv:1610.02915, fig. 6 d.</summary>
internal sealed class PyramidBlock : nn.Module<Tensor, Tensor>
{
    /// <summary>How many times as many channels come out as the inner convolution has.</summary>
    public const int Expansion = 4;

    [ComponentName(Name = "bn1")] readonly nn.Module<Tensor, Tensor> _bn1;
    [ComponentName(Name = "conv1")] readonly nn.Module<Tensor, Tensor> _conv1;
    [ComponentName(Name = "bn2")] readonly nn.Module<Tensor, Tensor> _bn2;
    [ComponentName(Name = "conv2")] readonly nn.Module<Tensor, Tensor> _conv2;
    [ComponentName(Name = "bn3")] readonly nn.Module<Tensor, Tensor> _bn3;
    [ComponentName(Name = "conv3")] readonly nn.Module<Tensor, Tensor> _conv3;
    [ComponentName(Name = "bn4")] readonly nn.Module<Tensor, Tensor> _bn4;
    [ComponentName(Name = "shake")] readonly nn.Module<Tensor, Tensor> _shake;
    [ComponentName(Name = "downsample")] readonly nn.Module<Tensor, Tensor>? _pool;
    readonly long _newChannels;

    public PyramidBlock(int from, int inner, int stride, double survival) : base(nameof(PyramidBlock))
    {
        _bn1 = nn.BatchNorm2d(from);
        _conv1 = Convolution.Of(from, inner, size: 1);
        _bn2 = nn.BatchNorm2d(inner);
        _conv2 = Convolution.Of(inner, inner, size: 3, stride);
        _bn3 = nn.BatchNorm2d(inner);
        _conv3 = Convolution.Of(inner, Expansion * inner, size: 1);
        _bn4 = nn.BatchNorm2d(Expansion * inner);
        _shake = new ShakeDrop(survival);
        _pool = stride == 1 ? null : nn.AvgPool2d(stride, stride, ceil_mode: true);
        _newChannels = Expansion * inner - from;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var narrow = _bn2.call(_conv1.call(_bn1.call(x))).relu_();
        var inner = _bn3.call(_conv2.call(narrow)).relu_();
        var residual = _shake.call(_bn4.call(_conv3.call(inner)));
        var shortcut = nn.functional.pad(_pool?.call(x) ?? x, [0, 0, 0, 0, 0, _newChannels]);
        return residual.add_(shortcut).MoveToOuterDisposeScope();
    }
}
