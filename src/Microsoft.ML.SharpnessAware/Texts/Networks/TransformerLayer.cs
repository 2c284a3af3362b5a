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

    public string AddTo(OnnxGraph graph, string x, string mask)
    {
        var attended = Around(graph, x, _attentionNorm, y => graph.Call(_attentionDropout, _attention.AddTo(graph, y, mask)));
        return Around(graph, attended, _feedForwardNorm, y => graph.Call(_feedForwardDropout, graph.Call(_feedForward, y)));
    }

    Tensor Around(Tensor x, nn.Module<Tensor, Tensor> norm, Func<Tensor, Tensor> change) =>
        _preNorm ? x + change(norm.call(x)) : norm.call(x + change(x));

    string Around(OnnxGraph graph, string x, nn.Module<Tensor, Tensor> norm, Func<string, string> change) =>
        _preNorm ? graph.Add(x, change(graph.Call(norm, x))) : graph.Call(norm, graph.Add(x, change(x)));
}

/// <summary>Multi-head attention: each position of a text attends to all of its tokens. Vaswani et al. 2017, arXiv:1706.03762, §3.2.</summary>
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
    /// <param name="heads">Attention heads.</param>
    /// <param name="dropout">Dropout probability of attention weights.</param>
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
        var weights = _dropout.call(scores.softmax(-1));
        var seen = weights.matmul(Heads(_value.call(x)));
        return _output.call(seen.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x, string mask) => graph.Within(this, () =>
    {
        var queries = Heads(graph, graph.Mul(graph.Call(_query, x), graph.Constant(_scale)));
        var scores = graph.Add(graph.MatMul(queries, graph.Transpose(Heads(graph, graph.Call(_key, x)), 0, 1, 3, 2)), mask);
        var seen = graph.MatMul(graph.Call(_dropout, graph.Softmax(scores)), Heads(graph, graph.Call(_value, x)));
        return graph.Call(_output, graph.Reshape(graph.Transpose(seen, 0, 2, 1, 3), 0, 0, -1));
    });

    // [N, L, width] as [N, heads, L, width / heads].
    Tensor Heads(Tensor x) => x.view(x.size(0), x.size(1), _heads, -1).transpose(1, 2);

    string Heads(OnnxGraph graph, string x) => graph.Transpose(graph.Reshape(x, 0, 0, _heads, -1), 0, 2, 1, 3);
}

/// <summary>Two linear layers at each place of a text. Vaswani et al. 2017, arXiv:1706.03762, §3.3.</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    // sqrt(2 / π) and the factor of the cube. Hendrycks and Gimpel 2016, arXiv:1606.08415, §2. TorchSharp's gelu has the tanh from 0.107.0 on only, which does not load on Windows.
    const double TanhScale = 0.7978845608028654;
    const double Cube = 0.044715;

    [ComponentName(Name = "first")] readonly nn.Module<Tensor, Tensor> _first;
    [ComponentName(Name = "second")] readonly nn.Module<Tensor, Tensor> _second;
    readonly HiddenActivation _activation;

    public FeedForward(int width, int hidden, HiddenActivation activation) : base(nameof(FeedForward))
    {
        (_first, _second, _activation) = (nn.Linear(width, hidden), nn.Linear(hidden, width), activation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return _second.call(Activated(_first.call(x))).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x) => graph.Call(_second, Activated(graph, graph.Call(_first, x)));

    Tensor Activated(Tensor x) => _activation switch
    {
        HiddenActivation.Relu => x.relu_(),
        HiddenActivation.GeluTanh => 0.5 * x * (1 + (TanhScale * (x + Cube * x.pow(3))).tanh()),
        _ => nn.functional.gelu(x),
    };

    string Activated(OnnxGraph graph, string x) => _activation switch
    {
        HiddenActivation.Relu => graph.Relu(x),
        HiddenActivation.GeluTanh => graph.GeluByTanh(x),
        _ => graph.Gelu(x),
    };
}

/// <summary>The activation of the feed-forward layers of a transformer.</summary>
public enum HiddenActivation
{
    /// <summary>x Φ(x), with Φ the normal distribution function. Hendrycks and Gimpel 2016, arXiv:1606.08415.</summary>
    Gelu,

    /// <summary>The same to three digits, by a tanh; "gelu_new" and "gelu_pytorch_tanh" of config files.</summary>
    GeluTanh,

    /// <summary>x, or 0 where it is negative.</summary>
    Relu,
}

/// <summary>What the layers of a transformer are like.</summary>
internal sealed record LayerSizes
{
    /// <summary>Numbers at each place of a text.</summary>
    public required int Width { get; init; }

    public required int Heads { get; init; }

    /// <summary>Numbers at each place inside of a feed-forward layer.</summary>
    public required int FeedForward { get; init; }

    public HiddenActivation Activation { get; init; } = HiddenActivation.Gelu;

    /// <summary>Dropout probability of what the feed-forward layer adds.</summary>
    public double Dropout { get; init; }

    /// <summary>The same for what attention adds.</summary>
    public double AttentionOutputDropout { get; init; }

    /// <summary>Dropout probability of attention weights.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Added to the variance by norm layers.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Whether norm layers stand before what they norm, instead of after the sum.</summary>
    public bool PreNorm { get; init; }

    public nn.Module<Tensor, Tensor> Norm() => nn.LayerNorm(Width, NormEpsilon);
}
