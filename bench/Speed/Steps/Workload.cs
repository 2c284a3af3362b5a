using Microsoft.ML.SharpnessAware;

namespace Speed.Steps;

/// <summary>A network and a batch that steps are taken on, the same for all contestants.</summary>
/// <param name="Name">What the tables and the command line call it.</param>
/// <param name="PlainNetwork">The network as a plain TorchSharp program has it; null where it is for the library alone.</param>
/// <param name="OurNetwork">The same as the library builds it.</param>
/// <param name="MakeInputs">Makes the batch.</param>
/// <param name="StepsInTurn">How many steps a contestant takes when it is its turn.</param>
sealed record Workload(string Name, Func<nn.Module<Tensor, Tensor>>? PlainNetwork, Func<nn.Module<Tensor, Tensor>> OurNetwork, Func<Tensor> MakeInputs, int StepsInTurn = 1)
{
    public const int Classes = 10;

    const int Words = 30_522;
    const int Tokens = 64;
    const int MlpWidth = 64;

    public static Workload[] All { get; } =
    [
        Images("resnet20-32", new CifarResNet(20), PlainNetworks.CifarResNet20, batch: 128, size: 32),
        Images("resnet20-8", new CifarResNet(20), PlainNetworks.CifarResNet20, batch: 4, size: 8, stepsInTurn: 10),
        Images("resnet18-32", new ResNet18(ResNetStem.SmallImage), () => PlainNetworks.ResNet18(imageNetStem: false), batch: 32, size: 32),
        Images("resnet18-224", new ResNet18(), () => PlainNetworks.ResNet18(imageNetStem: true), batch: 8, size: 224),
        Texts("transformer-256", new TextTransformer(Layers: 4, Width: 256, Heads: 4, FeedForward: 1024), batch: 32, stepsInTurn: 3),
        Texts("minilm", new TextTransformer(Layers: 6, Width: 384, Heads: 12, FeedForward: 1536), batch: 16),
        new("mlp-40", PlainNetworks.Mlp, PlainNetworks.Mlp, () => randn(32, MlpWidth), StepsInTurn: 10),
    ];

    /// <summary>Those that keep a GPU busy.</summary>
    public static Workload[] ForGpu { get; } =
    [
        Images("resnet18-32-512", new ResNet18(ResNetStem.SmallImage), () => PlainNetworks.ResNet18(imageNetStem: false), batch: 512, size: 32),
        Images("resnet50-224", new ResNet50(), plain: null, batch: 64, size: 224),
    ];

    /// <summary>Whether it belongs to the short table.</summary>
    public bool IsQuick => Name is "resnet20-32" or "transformer-256" or "mlp-40";

    /// <summary>Whether AdamW takes the steps; else SGD with momentum does.</summary>
    public bool UsesAdamW { get; private init; }

    public Tensor MakeLabels(long rows) => randint(0, Classes, [rows], dtype: ScalarType.Int64);

    static Workload Images(string name, ImageNetwork network, Func<nn.Module<Tensor, Tensor>>? plain, int batch, int size, int stepsInTurn = 1) =>
        new(name, plain, () => ChannelsLast.Arrange(network.Build(new ImageShape(3, size, size), Classes)), () => randn(batch, 3, size, size), stepsInTurn);

    static Workload Texts(string name, TextTransformer network, int batch, int stepsInTurn = 1) =>
        new(name, () => PlainNetworks.Transformer(network, Words, Tokens), () => network.Build(new TextShape(Words, Tokens, PadId: 0), Classes), () => Sentences(batch), stepsInTurn) { UsesAdamW = true };

    // Ids of tokens, and of each the number of its sentence.
    static Tensor Sentences(int batch)
    {
        using var words = randint(1, Words, [batch, 1, Tokens], dtype: ScalarType.Int64);
        using var sentences = zeros_like(words);
        return cat([words, sentences], dim: 1);
    }
}
