using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Each patch of an image looks at all of them, in several ways at once. Vaswani et al. 2017, arXiv:1706.03762, §3.2; parameters are named as in timm.</summary>
internal sealed class PatchAttention : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "qkv")] readonly nn.Module<Tensor, Tensor> _queriesKeysValues;
    [ComponentName(Name = "proj")] readonly nn.Module<Tensor, Tensor> _output;
    readonly int _heads;
    readonly double _scale;

    public PatchAttention(int width, int heads) : base(nameof(PatchAttention))
    {
        (_queriesKeysValues, _output) = (nn.Linear(width, 3 * width), nn.Linear(width, width));
        (_heads, _scale) = (heads, 1 / Math.Sqrt((double)width / heads));
        RegisterComponents();
    }

    /// <param name="x">[N, L, width].</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var all = _queriesKeysValues.call(x).view(x.shape[0], x.shape[1], 3, _heads, -1).permute(2, 0, 3, 1, 4);
        var (queries, keys, values) = (all.select(0, 0), all.select(0, 1), all.select(0, 2));
        var looks = (queries * _scale).matmul(keys.transpose(-2, -1)).softmax(-1);
        return _output.call(looks.matmul(values).transpose(1, 2).reshape(x.shape)).MoveToOuterDisposeScope();
    }
}
