using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The mean of the tokens' embeddings, then a linear layer: fast, but it ignores the order of words and sentences. Joulin et al. 2017, arXiv:1607.01759.</summary>
/// <param name="Width">The width of the embeddings; 256 by default.</param>
/// <param name="Hidden">Units of a hidden layer with ReLU between the two; 0, the default, for none.</param>
/// <param name="Dropout">Dropout probability of the inputs of the last layer; 0 by default.</param>
public sealed record BagOfEmbeddings(int Width = 256, int Hidden = 0, double Dropout = 0) : TextNetwork
{
    /// <summary>The width of the embeddings.</summary>
    public int Width { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Width);

    /// <summary>Units of the hidden layer; 0 for none.</summary>
    public int Hidden { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Hidden);

    /// <summary>Dropout probability of the inputs of the last layer.</summary>
    public double Dropout { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Dropout);

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(TextShape input, int classes) =>
        new BagClassifier(WordEmbedding.Of(input, Width, DrawAsAuthors), Head(classes), input.PadId);

    internal override double LeastWeights(TextShape input) => Width * ((double)input.Vocabulary + Hidden);

    void DrawAsAuthors(Tensor table) => nn.init.uniform_(table, -1.0 / Width, 1.0 / Width);

    nn.Module<Tensor, Tensor> Head(int classes) => nn.Sequential([
        .. HiddenLayer(),
        ("dropout", nn.Dropout(Dropout)),
        ("output", nn.Linear(Hidden > 0 ? Hidden : Width, classes))]);

    (string, nn.Module<Tensor, Tensor>)[] HiddenLayer() => Hidden > 0
        ? [("hidden", nn.Linear(Width, Hidden)), ("relu", nn.ReLU())]
        : [];
}

/// <summary>Classifies the mean of a text's embeddings.</summary>
internal sealed class BagClassifier : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    [ComponentName(Name = "words")] readonly nn.Module<Tensor, Tensor> _words;
    [ComponentName(Name = "head")] readonly nn.Module<Tensor, Tensor> _head;
    readonly int _padId;

    public BagClassifier(nn.Module<Tensor, Tensor> words, nn.Module<Tensor, Tensor> head, int padId) : base(nameof(BagClassifier))
    {
        (_words, _head, _padId) = (words, head, padId);
        RegisterComponents();
    }

    public override Tensor forward(Tensor texts)
    {
        using var scope = NewDisposeScope();
        var tokens = new Tokens(texts, _padId);
        return _head.call(MaskedMean.Of(_words.call(tokens.Ids), tokens.Present())).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string texts)
    {
        var tokens = new OnnxTokens(graph, texts, _padId);
        return graph.Call(_head, MaskedMean.Of(graph, graph.Call(_words, tokens.Ids), tokens.Present()));
    }
}
