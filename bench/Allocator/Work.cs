using Microsoft.ML.SharpnessAware;

namespace Allocator;

/// <summary>A network that takes steps by one rule on the same batch, on the process's first thread or on another.</summary>
sealed record Work(string Name, int Steps, bool OnWorker, Func<SharpnessRule> Rule, Func<nn.Module<Tensor, Tensor>> Network, BaseOptimizer Optimizer, Func<Tensor> Inputs)
{
    const int Classes = 10;
    const int Words = 30_522;
    const int Tokens = 64;

    static readonly TextTransformer _miniLm = new(Layers: 6, Width: 384, Heads: 12, FeedForward: 1536);

    public static readonly Work[] All =
    [
        OfImages("ResNet-20, plain", 20, new Plain(), batch: 128, size: 32),
        OfImages("ResNet-20, SAM", 12, new Sam(), batch: 128, size: 32),
        OfImages("ResNet-20, SAM, worker thread", 12, new Sam(), batch: 128, size: 32) with { OnWorker = true },
        OfImages("ResNet-20, SAM, 4 images of 8×8", 200, new Sam(), batch: 4, size: 8),
        OfTexts("MiniLM, SAM", onWorker: false),
        OfTexts("MiniLM, SAM, worker thread", onWorker: true),
    ];

    public SamTrainStep Begin(nn.Module<Tensor, Tensor> network) => new(network, Rule(), Optimizer);

    public Tensor Labels(long rows) => randint(0, Classes, [rows], dtype: ScalarType.Int64);

    static Work OfImages(string name, int steps, SharpnessRule rule, int batch, int size) => new(name, steps, OnWorker: false, () => rule,
        () => ChannelsLast.Arrange(new CifarResNet(20).Build(new ImageShape(3, size, size), Classes)), new Sgd(), () => ChannelsLast.Of(randn(batch, 3, size, size)));

    static Work OfTexts(string name, bool onWorker) => new(name, Steps: 6, onWorker, () => new Sam(),
        () => _miniLm.Build(new TextShape(Words, Tokens, PadId: 0), Classes), new AdamW(1e-5), Sentences);

    static Tensor Sentences()
    {
        using var words = randint(1, Words, [16, 1, Tokens], dtype: ScalarType.Int64);
        using var sentences = zeros_like(words);
        return cat([words, sentences], dim: 1);
    }
}
