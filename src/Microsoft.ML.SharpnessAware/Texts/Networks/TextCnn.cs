using TorchSharp.Modules;
using TorchSharp.Utils;
using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Convolutions over a few words in a row, and the maximum of each over the text. Kim 2014, arXiv:1408.5882, fig. 1, with word vectors from scratch.</summary>
/// <remarks>As in the author's code, filters also see the zeros around a text. It does not distinguish the first sentence from the second.</remarks>
/// <param name="Width">The width of the embeddings; 300 by default.</param>
/// <param name="ShortestFilter">Words that the shortest filters see; 3 by default.</param>
/// <param name="LongestFilter">Words that the longest filters see; 5 by default. There are filters of each length from the shortest to the longest.</param>
/// <param name="FeatureMaps">Filters of each length; 100 by default.</param>
/// <param name="Dropout">Dropout probability of the filter outputs; 0.5 by default.</param>
public sealed record TextCnn(int Width = 300, int ShortestFilter = 3, int LongestFilter = 5, int FeatureMaps = 100, double Dropout = 0.5) : TextNetwork
{
    // What Kim draws the vectors of words without a trained one from.
    const double WordBound = 0.25;

    /// <summary>The width of the embeddings.</summary>
    public int Width { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Width);

    /// <summary>Words that the shortest filters see.</summary>
    public int ShortestFilter { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, ShortestFilter);

    /// <summary>Words that the longest filters see.</summary>
    public int LongestFilter { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, LongestFilter);

    /// <summary>Filters of each length.</summary>
    public int FeatureMaps { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, FeatureMaps);

    /// <summary>Dropout probability of the filter outputs.</summary>
    public double Dropout { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Dropout);

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(TextShape input, int classes)
    {
        var words = WordEmbedding.Of(input, Width, table => nn.init.uniform_(table, -WordBound, WordBound));
        var filters = Lengths.Select(length => new TextFilter(Width, FeatureMaps, length)).ToArray();
        var head = nn.Sequential(
            ("dropout", nn.Dropout(Dropout)),
            ("output", nn.Linear(filters.Length * FeatureMaps, classes)));
        return new TextCnnClassifier(words, filters, head, input.PadId);
    }

    internal override void Check(TextShape input)
    {
        if (ShortestFilter > LongestFilter)
            throw new InvalidOperationException($"{this} has no filters: set LongestFilter to ShortestFilter or more.");
    }

    internal override double LeastWeights(TextShape input) =>
        Width * (input.Vocabulary + FeatureMaps * (LongestFilter - ShortestFilter + 1.0) * ((double)ShortestFilter + LongestFilter) / 2);

    IEnumerable<int> Lengths => Enumerable.Range(ShortestFilter, LongestFilter - ShortestFilter + 1);
}

/// <summary>Classifies a text by the strongest answers of filters over its words.</summary>
internal sealed class TextCnnClassifier : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    [ComponentName(Name = "words")] readonly nn.Module<Tensor, Tensor> _words;
    [ComponentName(Name = "filters")] readonly ModuleList<TextFilter> _filters;
    [ComponentName(Name = "head")] readonly nn.Module<Tensor, Tensor> _head;
    readonly int _padId;

    public TextCnnClassifier(nn.Module<Tensor, Tensor> words, TextFilter[] filters, nn.Module<Tensor, Tensor> head, int padId) : base(nameof(TextCnnClassifier))
    {
        (_words, _filters, _head, _padId) = (words, nn.ModuleList(filters), head, padId);
        RegisterComponents();
    }

    public override Tensor forward(Tensor texts)
    {
        using var scope = NewDisposeScope();
        var tokens = new Tokens(texts, _padId);
        var embedded = _words.call(tokens.Ids);
        var present = tokens.Present().to_type(embedded.dtype);
        var words = (embedded * present.unsqueeze(-1)).transpose(1, 2);
        var answers = cat([.. _filters.Select(filter => filter.call(words, present))], 1);
        return _head.call(answers).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string texts)
    {
        var tokens = new OnnxTokens(graph, texts, _padId);
        var present = graph.Cast(tokens.Present(), Element.Float);
        var words = graph.Transpose(graph.Mul(graph.Call(_words, tokens.Ids), graph.Reshape(present, 0, -1, 1)), 0, 2, 1);
        return graph.Call(_head, graph.Concat(1, [.. _filters.Select(filter => filter.AddTo(graph, words, present))]));
    }
}

/// <summary>Filters of one length over the words of a text: the strongest answer of each.</summary>
internal sealed class TextFilter : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "convolution")] readonly nn.Module<Tensor, Tensor> _convolution;
    readonly int _overhang;

    public TextFilter(int width, int filters, int length) : base(nameof(TextFilter))
    {
        _overhang = length - 1;
        _convolution = nn.Conv1d(width, filters, length, 1, _overhang);
        RegisterComponents();
    }

    /// <param name="words">[N, width, L], 0 where there is no word.</param>
    /// <param name="present">1 where there is one, [N, L].</param>
    public override Tensor forward(Tensor words, Tensor present)
    {
        using var scope = NewDisposeScope();
        var touchesText = nn.functional.pad(present, (_overhang, 0), value: 1).unsqueeze(1);
        // What ReLU leaves is 0 or more, so that a 0 outside of the text never is the strongest.
        var answers = _convolution.call(words).relu_() * touchesText;
        return answers.max(2).values.MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string words, string present) => graph.Within(this, () =>
    {
        var touchesText = graph.Reshape(graph.Pad(present, 1, 0, _overhang, 0, 0), 0, 1, -1);
        return graph.Max(graph.Mul(graph.Relu(graph.Call(_convolution, words)), touchesText), axis: 2);
    });
}
