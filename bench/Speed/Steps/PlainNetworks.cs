using Microsoft.ML.SharpnessAware;
using TorchSharp.Modules;

namespace Speed.Steps;

/// <summary>The networks as TorchSharp's examples write them: modules in the default layout, and no dispose scope but that of the step.</summary>
static class PlainNetworks
{
    const int MlpLayers = 40;
    const int MlpWidth = 64;

    public static nn.Module<Tensor, Tensor> CifarResNet20() => nn.Sequential(
        [nn.Conv2d(3, 16, 3, 1, 1, bias: false), nn.BatchNorm2d(16), nn.ReLU(), .. Stages([16, 32, 64], blocks: 3, projects: false), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, Workload.Classes)]);

    public static nn.Module<Tensor, Tensor> ResNet18(bool imageNetStem)
    {
        nn.Module<Tensor, Tensor>[] stem = imageNetStem
            ? [nn.Conv2d(3, 64, 7, 2, 3, bias: false), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
            : [nn.Conv2d(3, 64, 3, 1, 1, bias: false), nn.BatchNorm2d(64), nn.ReLU()];
        return nn.Sequential([.. stem, .. Stages([64, 128, 256, 512], blocks: 2, projects: true), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, Workload.Classes)]);
    }

    public static nn.Module<Tensor, Tensor> Transformer(TextTransformer sizes, int words, int tokens) => new PlainTransformer(sizes, words, tokens);

    public static nn.Module<Tensor, Tensor> Mlp() => nn.Sequential(
        [.. Enumerable.Range(0, MlpLayers - 1).SelectMany(_ => new nn.Module<Tensor, Tensor>[] { nn.Linear(MlpWidth, MlpWidth), nn.ReLU() }), nn.Linear(MlpWidth, Workload.Classes)]);

    static IEnumerable<nn.Module<Tensor, Tensor>> Stages(int[] widths, int blocks, bool projects)
    {
        var from = widths[0];
        foreach (var width in widths)
            for (var block = 0; block < blocks; (block, from) = (block + 1, width))
                yield return new PlainBlock(from, width, projects);
    }
}

/// <summary>Two 3×3 convolutions and a shortcut around them.</summary>
sealed class PlainBlock : nn.Module<Tensor, Tensor>
{
    readonly nn.Module<Tensor, Tensor> _main;
    readonly nn.Module<Tensor, Tensor>? _projection;
    readonly long _newChannels;

    public PlainBlock(int from, int to, bool projects) : base(nameof(PlainBlock))
    {
        var stride = from == to ? 1 : 2;
        _main = nn.Sequential(nn.Conv2d(from, to, 3, stride, 1, bias: false), nn.BatchNorm2d(to), nn.ReLU(), nn.Conv2d(to, to, 3, 1, 1, bias: false), nn.BatchNorm2d(to));
        _projection = stride == 2 && projects ? nn.Sequential(nn.Conv2d(from, to, 1, stride, bias: false), nn.BatchNorm2d(to)) : null;
        _newChannels = to - from;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => nn.functional.relu(_main.call(x) + Shortcut(x));

    Tensor Shortcut(Tensor x) =>
        _projection is not null ? _projection.call(x)
        : _newChannels == 0 ? x
        : nn.functional.pad(x[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)], [0, 0, 0, 0, 0, _newChannels]);
}

/// <summary>Embeddings, TorchSharp's own encoder layers, the mean over the tokens that are no padding, and a linear layer.</summary>
sealed class PlainTransformer : nn.Module<Tensor, Tensor>
{
    readonly Embedding _words;
    readonly Embedding _positions;
    readonly Embedding _segments;
    readonly LayerNorm _firstNorm;
    readonly Dropout _firstDropout;
    readonly ModuleList<PlainLayer> _layers;
    readonly LayerNorm _lastNorm;
    readonly Dropout _lastDropout;
    readonly Linear _output;

    public PlainTransformer(TextTransformer sizes, int words, int tokens) : base(nameof(PlainTransformer))
    {
        (_words, _positions, _segments) = (nn.Embedding(words, sizes.Width, padding_idx: 0), nn.Embedding(tokens, sizes.Width), nn.Embedding(2, sizes.Width));
        (_firstNorm, _firstDropout) = (nn.LayerNorm(sizes.Width), nn.Dropout(sizes.Dropout));
        _layers = nn.ModuleList(Enumerable.Range(0, sizes.Layers).Select(_ => new PlainLayer(sizes)).ToArray());
        (_lastNorm, _lastDropout, _output) = (nn.LayerNorm(sizes.Width), nn.Dropout(sizes.Dropout), nn.Linear(sizes.Width, Workload.Classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor texts)
    {
        var (ids, sentences) = (texts.select(1, 0), texts.select(1, 1));
        var padding = ids.eq(0);
        var x = _firstDropout.call(_firstNorm.call(_words.call(ids) + _positions.call(arange(ids.shape[1], dtype: ScalarType.Int64, device: ids.device)) + _segments.call(sentences)));
        foreach (var layer in _layers)
            x = layer.call(x, padding);
        var present = padding.logical_not().unsqueeze(-1).to(x.dtype);
        var mean = (_lastNorm.call(x) * present).sum(1) / present.sum(1);
        return _output.call(_lastDropout.call(mean));
    }
}

/// <summary>Attention and two linear layers, with norm layers before them.</summary>
sealed class PlainLayer : nn.Module<Tensor, Tensor, Tensor>
{
    readonly LayerNorm _attentionNorm;
    readonly Linear _query;
    readonly Linear _key;
    readonly Linear _value;
    readonly Linear _attended;
    readonly Dropout _dropout;
    readonly LayerNorm _feedForwardNorm;
    readonly Sequential _feedForward;
    readonly int _heads;

    public PlainLayer(TextTransformer sizes) : base(nameof(PlainLayer))
    {
        var width = sizes.Width;
        (_attentionNorm, _feedForwardNorm, _dropout, _heads) = (nn.LayerNorm(width), nn.LayerNorm(width), nn.Dropout(sizes.Dropout), sizes.Heads);
        (_query, _key, _value, _attended) = (nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width));
        _feedForward = nn.Sequential(nn.Linear(width, sizes.FeedForward), nn.GELU(), nn.Linear(sizes.FeedForward, width), nn.Dropout(sizes.Dropout));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor padding)
    {
        var normed = _attentionNorm.call(x);
        var (query, key, value) = (Heads(_query.call(normed)), Heads(_key.call(normed)), Heads(_value.call(normed)));
        var scores = query.matmul(key.transpose(-2, -1)) / Math.Sqrt((double)x.shape[2] / _heads);
        var weights = _dropout.call(nn.functional.softmax(scores.masked_fill(padding.unsqueeze(1).unsqueeze(1), double.NegativeInfinity), -1));
        var seen = weights.matmul(value).transpose(1, 2).reshape(x.shape);
        x = x + _dropout.call(_attended.call(seen));
        return x + _feedForward.call(_feedForwardNorm.call(x));
    }

    Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, -1).transpose(1, 2);
}
