using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Each place of a text looks at all of its tokens, in several ways at once. Vaswani et al. 2017, arXiv:1706.03762, §3.2.</summary>
internal sealed class SelfAttention : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "query")] readonly nn.Module<Tensor, Tensor> _query;
    [ComponentName(Name = "key")] readonly nn.Module<Tensor, Tensor> _key;
    [ComponentName(Name = "value")] readonly nn.Module<Tensor, Tensor> _value;
    [ComponentName(Name = "output")] readonly nn.Module<Tensor, Tensor> _output;
    [ComponentName(Name = "dropout")] readonly nn.Module<Tensor, Tensor> _dropout;
    readonly int _heads;
    readonly double _scale;

    /// <param name="width">Numbers at each place; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">In how many ways a place looks at the others.</param>
    /// <param name="dropout">Share of the looks that are left out in training.</param>
    public SelfAttention(int width, int heads, double dropout) : base(nameof(SelfAttention))
    {
        (_query, _key, _value, _output) = (nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width));
        (_dropout, _heads, _scale) = (nn.Dropout(dropout), heads, 1 / Math.Sqrt((double)width / heads));
        RegisterComponents();
    }

    /// <param name="x">[N, L, width].</param>
    /// <param name="mask">What is added to the scores: 0 for a token, −∞ for padding, [N, 1, 1, L].</param>
    public override Tensor forward(Tensor x, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var scores = Heads(_query.call(x) * _scale).matmul(Heads(_key.call(x)).transpose(-2, -1)).add_(mask);
        var looks = _dropout.call(scores.softmax(-1));
        var seen = looks.matmul(Heads(_value.call(x)));
        return _output.call(seen.transpose(1, 2).reshape(x.shape)).MoveToOuterDisposeScope();
    }

    // [N, L, width] as [N, heads, L, width / heads].
    Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, -1).transpose(1, 2);
}
