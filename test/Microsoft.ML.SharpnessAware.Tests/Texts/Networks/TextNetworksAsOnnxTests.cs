using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Each network in ONNX Runtime against the same network in float64, over texts of two lengths with padding.</summary>
[TestClass]
public class TextNetworksAsOnnxTests
{
    // For logits of 1; ONNX Runtime computes in float32.
    const double Tolerance = 1e-5;

    static readonly TextShape Shape = new(Vocabulary: 30, MaxLength: 9, PadId: 1);

    static IReadOnlyList<TextNetwork> Cases { get; } =
    [
        new BagOfEmbeddings(Width: 12),
        new BagOfEmbeddings(Width: 12, Hidden: 7),
        new TextCnn(Width: 12, FeatureMaps: 5),
        new TextTransformer(Width: 12, Heads: 3, FeedForward: 20),
        new TextTransformer(Width: 12, Heads: 3, FeedForward: 20, Pooling: TextPooling.First, PreNorm: false),
        Small(BertModelType.Bert) with { Activation = HiddenActivation.GeluTanh },
        Small(BertModelType.Bert) with { TypeVocabulary = 1 },
        Small(BertModelType.Roberta) with { Activation = HiddenActivation.Relu },
        Small(BertModelType.DistilBert) with { TypeVocabulary = 0 },
    ];

    static IEnumerable<object[]> Numbers => Enumerable.Range(0, Cases.Count).Select(number => new object[] { number, Cases[number].ToString() });

    [TestMethod]
    public void Cases_are_all_networks()
    {
        CollectionAssert.AreEquivalent(
            typeof(TextNetwork).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(TextNetwork)) && !type.IsAbstract).ToArray(),
            Cases.Select(network => network.GetType()).Distinct().ToArray());
        CollectionAssert.AreEquivalent(Enum.GetValues<BertModelType>(), Cases.OfType<BertEncoder>().Select(bert => bert.ModelType).Distinct().ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Numbers))]
    public void Logits_are_those_of_float64(int number, string network)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var module = Cases[number].Build(Shape, classes: 4);
        PyTorchGolden.Fill(module.state_dict().Where(tensor => tensor.Value.is_floating_point()));
        module.eval();
        long[][] ids = [[2, 7, 5, 9, 3, 11, 3], [2, 8, 3], [2, 29, 28, 3, 4, 3], [4], [1]];
        long[][] sentences = [[0, 0, 0, 0, 0, 1, 1], [0, 0, 0], [0, 0, 0, 0, 1, 1], [0], [0]];
        Tensor[] batches = [TextRows.Of(ids, sentences, Shape.PadId), TextRows.Of(ids[1..2], sentences[1..2], Shape.PadId, length: 4), TextRows.Of(ids[..1], sentences[..1], Shape.PadId)];

        var actual = new[] { 12, 17 }.Select(opset =>
        {
            using var model = OnnxModel.Of(module, opset, Element.Int64, "N", 2, "L");
            return batches.Select(texts => model.Numbers("output", ("input", texts))).ToArray();
        }).ToArray();

        module.to(ScalarType.Float64);
        foreach (var (i, texts) in batches.Index())
        {
            var expected = Near.Numbers(module.call(texts));
            foreach (var logits in actual)
                Near.Equal(expected, logits[i], Tolerance * Math.Max(1, expected.Max(Math.Abs)), network);
        }
    }

    static BertEncoder Small(BertModelType type) => new() { ModelType = type, Layers = 2, HiddenSize = 12, Heads = 3, IntermediateSize = 20, MaxPositions = 12 };
}
