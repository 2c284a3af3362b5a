using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What each token is, where it stands and in which sentence: the sum of three vectors, normed. Devlin et al. 2019, arXiv:1810.04805, fig. 2.</summary>
internal sealed class TokenEmbeddings : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    [ComponentName(Name = "words")] readonly nn.Module<Tensor, Tensor> _words;
    [ComponentName(Name = "positions")] readonly nn.Module<Tensor, Tensor> _positions;
    [ComponentName(Name = "segments")] readonly nn.Module<Tensor, Tensor>? _segments;
    [ComponentName(Name = "norm")] readonly nn.Module<Tensor, Tensor> _norm;
    [ComponentName(Name = "dropout")] readonly nn.Module<Tensor, Tensor> _dropout;
    readonly TokenPositions _count;
    readonly int _lastSegment;
    readonly int _padId;

    /// <param name="input">The vocabulary.</param>
    /// <param name="positions">Rows of the table of positions.</param>
    /// <param name="count">How rows are counted.</param>
    /// <param name="segments">How many sentences are told apart; what comes later counts as the last. 0: no vector says which.</param>
    /// <param name="sizes">What the layers are like.</param>
    public TokenEmbeddings(TextShape input, int positions, TokenPositions count, int segments, LayerSizes sizes) : base(nameof(TokenEmbeddings))
    {
        _words = nn.Embedding(input.Vocabulary, sizes.Width, padding_idx: input.PadId);
        _positions = nn.Embedding(positions, sizes.Width);
        _segments = segments > 0 ? nn.Embedding(segments, sizes.Width) : null;
        _norm = sizes.Norm();
        _dropout = nn.Dropout(sizes.Dropout);
        (_count, _lastSegment, _padId) = (count, segments - 1, input.PadId);
        RegisterComponents();
    }

    public override Tensor forward(Tensor texts)
    {
        using var scope = NewDisposeScope();
        var tokens = new Tokens(texts, _padId);
        var sum = _words.call(tokens.Ids) + _positions.call(tokens.Positions(_count));
        if (_segments is not null)
            sum += _segments.call(tokens.Sentences.clamp_max(_lastSegment));
        return _dropout.call(_norm.call(sum)).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string texts)
    {
        var tokens = new OnnxTokens(graph, texts, _padId);
        var sum = graph.Add(graph.Call(_words, tokens.Ids), graph.Call(_positions, tokens.Positions(_count)));
        if (_segments is not null)
            sum = graph.Add(sum, graph.Call(_segments, graph.Node("Min", [tokens.Sentences, graph.Constant((long)_lastSegment)])));
        return graph.Call(_dropout, graph.Call(_norm, sum));
    }
}
