using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Attention, then a feed-forward layer, each with a shortcut around it. Vaswani et al. 2017, arXiv:1706.03762, §3.1; with norms first: Xiong et al. 2020, arXiv:2002.04745.</summary>
internal sealed class TransformerLayer : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "attention")] readonly SelfAttention _attention;
    [ComponentName(Name = "attentionNorm")] readonly nn.Module<Tensor, Tensor> _attentionNorm;
    [ComponentName(Name = "attentionDropout")] readonly nn.Module<Tensor, Tensor> _attentionDropout;
    [ComponentName(Name = "feedForward")] readonly FeedForward _feedForward;
    [ComponentName(Name = "feedForwardNorm")] readonly nn.Module<Tensor, Tensor> _feedForwardNorm;
    [ComponentName(Name = "feedForwardDropout")] readonly nn.Module<Tensor, Tensor> _feedForwardDropout;
    readonly bool _preNorm;

    public TransformerLayer(LayerSizes sizes) : base(nameof(TransformerLayer))
    {
        _attention = new SelfAttention(sizes.Width, sizes.Heads, sizes.AttentionDropout);
        _attentionNorm = sizes.Norm();
        _attentionDropout = nn.Dropout(sizes.AttentionOutputDropout);
        _feedForward = new FeedForward(sizes.Width, sizes.FeedForward, sizes.Activation);
        _feedForwardNorm = sizes.Norm();
        _feedForwardDropout = nn.Dropout(sizes.Dropout);
        _preNorm = sizes.PreNorm;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var attended = Around(x, _attentionNorm, y => _attentionDropout.call(_attention.call(y, mask)));
        return Around(attended, _feedForwardNorm, y => _feedForwardDropout.call(_feedForward.call(y))).MoveToOuterDisposeScope();
    }

    Tensor Around(Tensor x, nn.Module<Tensor, Tensor> norm, Func<Tensor, Tensor> change) =>
        _preNorm ? x + change(norm.call(x)) : norm.call(x + change(x));
}
