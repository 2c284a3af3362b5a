using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Embeddings, layers of attention, one vector for the text, and a head that classifies it.</summary>
internal sealed class TransformerClassifier : nn.Module<Tensor, Tensor>
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
