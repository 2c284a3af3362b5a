namespace Microsoft.ML.SharpnessAware;

/// <summary>The shortcut without weights, option A: every second pixel, and zeros for the channels that are new. He et al. 2016, arXiv:1512.03385, §3.3.</summary>
/// <remarks>The zeros follow the old channels, as in the authors' Torch code.</remarks>
internal sealed class ZeroPadShortcut : nn.Module<Tensor, Tensor>
{
    readonly long _newChannels;

    ZeroPadShortcut(long newChannels) : base(nameof(ZeroPadShortcut)) => _newChannels = newChannels;

    public static nn.Module<Tensor, Tensor> Of(int from, int to) => new ZeroPadShortcut(to - from);

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var halved = x.slice(2, 0, x.shape[2], 2).slice(3, 0, x.shape[3], 2);
        return nn.functional.pad(halved, [0, 0, 0, 0, 0, _newChannels]).MoveToOuterDisposeScope();
    }
}
