using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Attention, then two linear layers, with norms before and shortcuts around each. Dosovitskiy et al. 2021, arXiv:2010.11929, eq. 2 and 3; parameters are named as in timm.</summary>
internal sealed class PatchTransformerBlock : nn.Module<Tensor, Tensor>
{
    /// <summary>Added to the variance by norm layers.</summary>
    public const double NormEpsilon = 1e-6;

    const int Expansion = 4;

    [ComponentName(Name = "norm1")] readonly nn.Module<Tensor, Tensor> _norm1;
    [ComponentName(Name = "attn")] readonly nn.Module<Tensor, Tensor> _attention;
    [ComponentName(Name = "norm2")] readonly nn.Module<Tensor, Tensor> _norm2;
    [ComponentName(Name = "mlp")] readonly nn.Module<Tensor, Tensor> _feedForward;

    public PatchTransformerBlock(int width, int heads) : base(nameof(PatchTransformerBlock))
    {
        _norm1 = nn.LayerNorm(width, NormEpsilon);
        _attention = new PatchAttention(width, heads);
        _norm2 = nn.LayerNorm(width, NormEpsilon);
        _feedForward = nn.Sequential(("fc1", nn.Linear(width, Expansion * width)), ("act", nn.GELU()), ("fc2", nn.Linear(Expansion * width, width)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var attended = x + _attention.call(_norm1.call(x));
        return (attended + _feedForward.call(_norm2.call(attended))).MoveToOuterDisposeScope();
    }
}
