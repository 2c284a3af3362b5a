using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Embeddings, layers of attention, one vector for the text, and a head that classifies it.</summary>
internal sealed class TransformerClassifier : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    /// <summary>The name of the table of tokens.</summary>
    public const string Words = "embeddings.words.weight";

    /// <summary>The names of the parameters below the layers.</summary>
    public const string EmbeddingsPattern = "embeddings.*";

    [ComponentName(Name = "embeddings")] readonly nn.Module<Tensor, Tensor> _embeddings;
    [ComponentName(Name = "layers")] readonly ModuleList<TransformerLayer> _layers;
    [ComponentName(Name = "norm")] readonly nn.Module<Tensor, Tensor>? _lastNorm;
    [ComponentName(Name = "head")] readonly nn.Module<Tensor, Tensor> _head;
    readonly TextPooling _pooling;
    readonly int _padId;

    public TransformerClassifier(nn.Module<Tensor, Tensor> embeddings, int layers, LayerSizes sizes, TextPooling pooling, nn.Module<Tensor, Tensor> head, int padId) : base(nameof(TransformerClassifier))
    {
        _embeddings = embeddings;
        _layers = nn.ModuleList([.. Enumerable.Range(0, layers).Select(_ => new TransformerLayer(sizes))]);
        _lastNorm = sizes.PreNorm ? sizes.Norm() : null;
        (_pooling, _head, _padId) = (pooling, head, padId);
        RegisterComponents();
    }

    /// <summary>The names of a layer's parameters.</summary>
    public static string LayerPattern(int layer) => $"layers.{layer}.*";

    /// <summary>The embeddings and the lowest layers keep their weights; 0: nothing does.</summary>
    public void Freeze(int layers)
    {
        nn.Module[] frozen = layers > 0 ? [_embeddings, .. _layers.Take(layers)] : [];
        foreach (var parameter in frozen.SelectMany(module => module.parameters()))
            parameter.requires_grad = false;
    }

    public override Tensor forward(Tensor texts)
    {
        using var scope = NewDisposeScope();
        var present = new Tokens(texts, _padId).Present();
        var hidden = Encoded(texts, present);
        var text = _pooling == TextPooling.First ? hidden.select(1, 0) : MaskedMean.Of(hidden, present);
        return _head.call(text).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string texts)
    {
        var present = new OnnxTokens(graph, texts, _padId).Present();
        var mask = graph.Node("Where", [graph.Reshape(present, 0, 1, 1, -1), graph.Constant(0.0), graph.Constant(double.NegativeInfinity)]);
        var layered = _layers.Aggregate(graph.Call(_embeddings, texts), (value, layer) => layer.AddTo(graph, value, mask));
        var hidden = _lastNorm is null ? layered : graph.Call(_lastNorm, layered);
        return graph.Call(_head, _pooling == TextPooling.First ? graph.Select(hidden, axis: 1, 0) : MaskedMean.Of(graph, hidden, present));
    }

    /// <summary>The vectors of all tokens after the last layer, [N, L, width].</summary>
    public Tensor Encoded(Tensor texts)
    {
        using var present = new Tokens(texts, _padId).Present();
        return Encoded(texts, present);
    }

    Tensor Encoded(Tensor texts, Tensor present)
    {
        using var scope = NewDisposeScope();
        var hidden = _embeddings.call(texts);
        var mask = zeros_like(present, dtype: hidden.dtype).masked_fill_(present.logical_not(), double.NegativeInfinity).view(present.shape[0], 1, 1, -1);
        foreach (var layer in _layers)
        {
            // What is no longer needed by a gradient goes before the next layer comes.
            using var before = hidden;
            hidden = layer.call(before, mask);
        }
        return (_lastNorm?.call(hidden) ?? hidden).MoveToOuterDisposeScope();
    }
}

/// <summary>Matrices start from N(0, 0.02²), biases from 0. Devlin et al. 2019, arXiv:1810.04805, the authors' code, which cuts off what lies beyond two standard deviations; RoBERTa and most others do not.</summary>
/// <remarks>Norm layers start as the identity, as PyTorch makes them, and the vector of padding as 0.</remarks>
internal static class NormalInitialization
{
    const double StandardDeviation = 0.02;

    public static TransformerClassifier WithNormalInitialization(this TransformerClassifier network, int padId)
    {
        using var noGradients = no_grad();
        foreach (var (name, weights) in network.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal))
                nn.init.zeros_(weights);
            else if (weights.dim() > 1)
                nn.init.normal_(weights, 0, StandardDeviation);
            if (name == TransformerClassifier.Words)
                Clear(weights, padId);
        }
        return network;
    }

    static void Clear(Tensor words, int padId)
    {
        using var padding = words.select(0, padId);
        padding.fill_(0);
    }
}
