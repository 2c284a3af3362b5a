namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Each network from scratch against the same one in PyTorch, text by text and without padding, in float64.</summary>
[TestClass]
public class TextNetworksAsInPyTorchTests
{
    // Sums are added up in another order there.
    const double Rounding = 1e-12;

    static IEnumerable<object[]> Networks =>
    [
        [new BagOfEmbeddings(Width: 5)],
        [new BagOfEmbeddings(Width: 5, Hidden: 4)],
        [new TextCnn(Width: 6, FeatureMaps: 4, Dropout: 0)],
        [new TextTransformer(Layers: 2, Width: 8, Heads: 2, FeedForward: 12, Dropout: 0)],
        [new TextTransformer(Layers: 2, Width: 8, Heads: 2, FeedForward: 12, Dropout: 0, TextPooling.First, PreNorm: false)],
    ];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Forward_and_backward_over_padded_texts_give_what_PyTorch_gives(TextNetwork network)
    {
        var expected = PyTorchGolden.Of("text_networks", network.ToString());
        using var scope = NewDisposeScope();
        using var module = expected.Filled(network.Build(expected.TextShape, expected.Classes));

        var logits = module.call(expected.Inputs());
        PyTorchGolden.Backward(logits);

        Near.Equal(expected.Logits, Near.Numbers(logits), Rounding);
        expected.CheckGradients(module, Rounding);
    }
}
