using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

using System.Text;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A network that classifies texts, as a value from which modules are built.</summary>
[RecordFamily]
public abstract record TextNetwork : INamesFiles, ITrainableNetwork
{
    /// <summary>A file of trained weights to start from, safetensors or ONNX, with the parameter names of the module; null, the default, for fresh ones. The last layer starts from fresh weights if the file has none, or one for another number of classes.</summary>
    /// <remarks>The ids of tokens have to be those that the weights were trained with: use the same vocabulary.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Weights { get; init; }

    /// <summary>A new module from texts to logits [N, <paramref name="classes"/>]; weights that are not read from a file are drawn from libtorch's generator.</summary>
    /// <remarks>Texts are int64 [N, 2, L], L being 1 or more and the same within a batch only: in the first row of each its token ids, padded at the end with <see cref="TextShape.PadId"/>, in the second 0 for tokens of the first sentence and 1 for those of the second. Padding does not change the logits.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two classes, or the id of padding is not in the vocabulary.</exception>
    /// <exception cref="InvalidOperationException">The network is not made for such texts, or its weights cannot be read, or libtorch is missing.</exception>
    public nn.Module<Tensor, Tensor> Build(TextShape input, int classes) => Build(input, classes, _ => { });

    /// <summary>Does so, and says in a line what has come of the weights in the file, if there is one.</summary>
    internal nn.Module<Tensor, Tensor> Build(TextShape input, int classes, Action<string> log)
    {
        Require.AtLeast(2, classes);
        Require.That(input.PadId < input.Vocabulary, input.PadId, $"less than Vocabulary, which is {input.Vocabulary}", nameof(input.PadId));
        Check(input);
        LibtorchDoor.Open();
        var network = Float32Networks.Build(() => Create(input, classes));
        try
        {
            if (Weights is not null)
                log(new PretrainedWeights(Weights, LastLayer).ReadInto(network));
            Verify(network, input, log);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The module that <see cref="Build(TextShape, int)"/> returns; the arguments have been checked.</summary>
    protected abstract nn.Module<Tensor, Tensor> Create(TextShape input, int classes);

    /// <summary>Compares the module with the file of its weights, if that is asked for, and says in a line how far they agree.</summary>
    /// <exception cref="InvalidOperationException">They differ, or cannot be compared.</exception>
    private protected virtual void Verify(nn.Module<Tensor, Tensor> network, TextShape input, Action<string> log) { }

    /// <summary>What the module calls the layer that puts out the logits; "head.output", the layer "output" of the layer "head", by default.</summary>
    /// <remarks><see cref="SamTrainerOptions.FreezeBackboneEpochs"/> trains it alone, and its input is the embedding. For both the module has to call it exactly once.</remarks>
    protected virtual string LastLayer => "head.output";

    string ITrainableNetwork.NameOfLastLayer => LastLayer;

    bool ITrainableNetwork.StartsTrained => WithoutFiles != this;

    internal string NameOfLastLayer => LastLayer;

    /// <exception cref="InvalidOperationException">The network contradicts itself, or is not made for such texts.</exception>
    internal virtual void Check(TextShape input) { }

    /// <summary>The network without the files that it starts from: what a trained model is built from.</summary>
    internal virtual TextNetwork WithoutFiles => this with { Weights = null };

    /// <summary>The network has at least so many weights, whatever else there is; 0 where that is not known. Not a whole number: sizes in a damaged file may come to any.</summary>
    internal virtual double LeastWeights(TextShape input) => 0;

    /// <summary>Leaves the weights out of <see cref="object.ToString"/> if there are none.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        if (Weights is not null)
            builder.Append(nameof(Weights)).Append(" = ").Append(Weights);
        return Weights is not null;
    }

    object INamesFiles.With(Func<string, string> contentOf) => WithContents(contentOf);

    /// <summary>The network with the digests of its files in their places.</summary>
    private protected virtual TextNetwork WithContents(Func<string, string> contentOf) => Weights is null ? this : this with { Weights = contentOf(Weights) };

    /// <summary>The tokenizer that the network's trained weights come with; null: any.</summary>
    internal virtual TextTokenizer? OwnTokenizer => null;

    /// <summary>What the learning rate of some parameters is multiplied by, where that is not 1. No parameter is in two of them.</summary>
    internal virtual IReadOnlyList<LayerRate> LayerRates => [];
}

/// <summary>What the learning rate of some parameters is multiplied by.</summary>
/// <param name="Weights">A pattern of their names: * stands for any characters.</param>
/// <param name="Factor">More than 0.</param>
internal readonly record struct LayerRate(string Weights, double Factor);

/// <summary>The mean over the tokens of each text.</summary>
internal static class MaskedMean
{
    /// <param name="hidden">[N, L, width].</param>
    /// <param name="present">True on tokens, [N, L].</param>
    public static Tensor Of(Tensor hidden, Tensor present)
    {
        using var scope = NewDisposeScope();
        var counted = present.unsqueeze(-1).to_type(hidden.dtype);
        return ((hidden * counted).sum(1) / counted.sum(1)).MoveToOuterDisposeScope();
    }

    /// <summary>The same as operators.</summary>
    public static string Of(OnnxGraph graph, string hidden, string present)
    {
        var counted = graph.Reshape(graph.Cast(present, Element.Float), 0, -1, 1);
        return graph.Div(graph.Sum(graph.Mul(hidden, counted), axis: 1), graph.Sum(counted, axis: 1));
    }
}

/// <summary>The shape of the inputs of a text network: token ids.</summary>
/// <param name="Vocabulary">The number of ids, which begin with 0.</param>
/// <param name="MaxLength">The largest number of tokens of a text.</param>
/// <param name="PadId">The id of padding, which no token of a text has.</param>
public sealed record TextShape(int Vocabulary, int MaxLength, int PadId)
{
    /// <summary>The number of ids, which begin with 0.</summary>
    public int Vocabulary { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Vocabulary);

    /// <summary>The largest number of tokens of a text.</summary>
    public int MaxLength { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, MaxLength);

    /// <summary>The id of padding, which no token of a text has.</summary>
    public int PadId { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, PadId);
}

/// <summary>What a batch of texts [N, 2, L] says.</summary>
internal readonly struct Tokens(Tensor texts, int padId)
{
    /// <summary>[N, L].</summary>
    public Tensor Ids => texts.select(1, 0);

    /// <summary>0 for tokens of the first sentence, 1 for those of the second; [N, L].</summary>
    public Tensor Sentences => texts.select(1, 1);

    /// <summary>True on the tokens of each text, [N, L]. Its first place always counts: a text without a word is one padding token, not a mean of nothing.</summary>
    public Tensor Present()
    {
        using var scope = NewDisposeScope();
        var present = Ids.ne(padId);
        present.select(1, 0).fill_(true);
        return present.MoveToOuterDisposeScope();
    }

    /// <summary>The positions of the tokens, [L] or [N, L].</summary>
    public Tensor Positions(TokenPositions count) => count == TokenPositions.AfterPadding
        ? PositionsAfterPadding()
        : arange(texts.shape[2], dtype: ScalarType.Int64, device: texts.device);

    Tensor PositionsAfterPadding()
    {
        using var scope = NewDisposeScope();
        var real = Ids.ne(padId).to_type(ScalarType.Int64);
        return (real.cumsum(1) * real + padId).MoveToOuterDisposeScope();
    }
}

/// <summary>The same as operators.</summary>
internal readonly struct OnnxTokens(OnnxGraph graph, string texts, int padId)
{
    public string Ids => graph.Select(texts, axis: 1, 0);

    public string Sentences => graph.Select(texts, axis: 1, 1);

    public string Present()
    {
        var isFirst = graph.Node("Equal", [graph.Range(graph.SizeOf(texts, 2)), graph.Constant(0L)]);
        return graph.Node("Or", [IsToken(), isFirst]);
    }

    public string Positions(TokenPositions count)
    {
        if (count == TokenPositions.FromZero)
            return graph.Range(graph.SizeOf(texts, 2));
        var real = graph.Cast(IsToken(), Element.Int64);
        return graph.Add(graph.Mul(graph.Node("CumSum", [real, graph.Constant(1L)]), real), graph.Constant((long)padId));
    }

    string IsToken() => graph.Node("Not", [graph.Node("Equal", [Ids, graph.Constant((long)padId)])]);
}

/// <summary>How the positions of tokens count.</summary>
internal enum TokenPositions
{
    /// <summary>0, 1, 2 and so on.</summary>
    FromZero,

    /// <summary>From the padding's id plus one, padding having its id as position, as RoBERTa does.</summary>
    AfterPadding,
}

/// <summary>A vector for each token, from scratch. That of padding is 0 and stays so.</summary>
internal static class WordEmbedding
{
    /// <param name="input">The vocabulary.</param>
    /// <param name="width">The width of the embeddings.</param>
    /// <param name="draw">Fills the table.</param>
    public static nn.Module<Tensor, Tensor> Of(TextShape input, int width, Action<Tensor> draw)
    {
        var words = nn.Embedding(input.Vocabulary, width, padding_idx: input.PadId);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var table in words.parameters())
        {
            draw(table);
            table.select(0, input.PadId).fill_(0);
        }
        return words;
    }
}
