using System.Text.Json;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What holds for every network over texts.</summary>
[TestClass]
public class TextNetworkTests
{
    const int Pad = 1;

    // One text is as good as another to a sum, but for the order in which blocks of it are added up.
    const double Rounding = 1e-13;

    // The same numbers at another address in memory: where a vector instruction begins, and so the order of a sum in float64, may be another.
    const double OtherAddress = 1e-12;

    static readonly TextShape _input = new(Vocabulary: 20, MaxLength: 9, PadId: Pad);
    static readonly long[][] _texts = [[2, 5, 7, 16, 3], [4], [2, 11, 4, 3, 6, 3, 19]];
    static readonly long[][] _sentences = [[0, 0, 0, 1, 1], [0], [0, 0, 0, 1, 1, 1, 1]];

    static IEnumerable<object[]> Networks =>
    [
        [new BagOfEmbeddings()],
        [new BagOfEmbeddings(Width: 8, Hidden: 5, Dropout: 0.3)],
        [new TextCnn(Width: 12, FeatureMaps: 5)],
        [new TextCnn(Width: 4, ShortestFilter: 1, LongestFilter: 9, FeatureMaps: 2)],
        [new TextTransformer()],
        [new TextTransformer(Layers: 3, Width: 12, Heads: 3, FeedForward: 20, Pooling: TextPooling.First, PreNorm: false)],
        [Small(BertModelType.Bert) with { Activation = HiddenActivation.Relu }],
        [Small(BertModelType.Bert) with { Activation = HiddenActivation.GeluTanh, TypeVocabulary = 1 }],
        [Small(BertModelType.Roberta)],
        [Small(BertModelType.DistilBert)],
    ];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Logits_of_a_text_do_not_depend_on_its_padding_or_its_batch(TextNetwork network)
    {
        using var scope = NewDisposeScope();
        using var module = InFloat64(network);

        var together = module.call(TextRows.Of(_texts, _sentences, Pad, length: 9));

        Assert.AreSequenceEqual([3, 4], together.shape);
        for (var i = 0; i < _texts.Length; i++)
            Near.Equal(Near.Numbers(module.call(TextRows.Of([_texts[i]], [_sentences[i]]))), Near.Numbers(together[i]), Rounding, $"text {i}");
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Text_of_nothing_but_padding_gives_finite_logits_and_gradients_whatever_its_length(TextNetwork network)
    {
        using var scope = NewDisposeScope();
        using var module = InFloat64(network);

        var shortest = module.call(TextRows.Of([[]], padId: Pad, length: 1));
        var padded = module.call(TextRows.Of([[], _texts[0]], padId: Pad, length: 8));
        padded.square().sum().backward();

        Assert.IsTrue(padded.isfinite().all().ToBoolean());
        Near.Equal(Near.Numbers(shortest), Near.Numbers(padded[0]), Rounding);
        Assert.IsTrue(module.parameters().All(p => p.grad!.isfinite().all().ToBoolean()));
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Every_parameter_has_a_gradient_and_that_of_padding_is_zero(TextNetwork network)
    {
        using var scope = NewDisposeScope();
        using var generator = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1); // By chance all units of a small hidden layer may be off for one text.
        using var module = InFloat64(network);

        module.call(TextRows.Of(_texts, _sentences, Pad)).square().sum().backward();

        foreach (var (name, parameter) in module.named_parameters())
            Assert.IsNotNull(parameter.grad, name);
        var words = module.named_parameters().Single(p => p.name.EndsWith("words.weight")).parameter;
        Assert.AreEqual(0.0, words[Pad].abs().sum().ToDouble());
        Assert.AreEqual(0.0, words.grad![Pad].abs().sum().ToDouble());
        Assert.AreNotEqual(0.0, words.grad![_texts[1][0]].abs().sum().ToDouble());
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Build_from_the_same_generator_state_gives_the_same_weights(TextNetwork network)
    {
        using var scope = NewDisposeScope();
        using var generator = Seeds.BorrowGlobalGenerator();
        double[] Weights(long seed)
        {
            Seeds.SeedGlobalGenerator(seed);
            using var module = network.Build(_input, classes: 4);
            return [.. module.parameters().SelectMany(Near.Numbers)];
        }
        var first = Weights(seed: 1);

        Assert.AreSequenceEqual(first, Weights(seed: 1));
        Assert.AreNotSequenceEqual(first, Weights(seed: 2));
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Flat_weights_are_those_of_the_network(TextNetwork network)
    {
        using var scope = NewDisposeScope();
        using var module = InFloat64(network);
        var rows = TextRows.Of(_texts, _sentences, Pad);
        var before = Near.Numbers(module.call(rows));

        using (var flat = new FlatWeights(module))
        {
            Near.Equal(before, Near.Numbers(module.call(rows)), OtherAddress);
            using (no_grad())
                flat.MoveTo(zeros_like(flat.Values));
            Near.Equal(new double[before.Length], Near.Numbers(module.call(rows)), 0);
            using (no_grad())
                flat.MoveBack();
        }

        Near.Equal(before, Near.Numbers(module.call(rows)), OtherAddress);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Forward_leaves_nothing_but_the_logits(TextNetwork network)
    {
        using var module = network.Build(_input, classes: 4);
        using var rows = TextRows.Of(_texts, _sentences, Pad);
        var before = LiveTensors.Before();
        using var scope = NewDisposeScope();
        using var logits = module.call(rows);
        Assert.AreEqual(before + 1, Tensor.TotalCount);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Dispose_frees_every_tensor_of_the_state(TextNetwork network)
    {
        var module = network.Build(_input, classes: 4);
        var state = module.state_dict().Values.ToArray();

        module.Dispose();

        Assert.IsTrue(state.All(tensor => tensor.IsInvalid));
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void LeastWeights_are_no_more_than_there_are(TextNetwork network)
    {
        using var module = network.Build(_input, classes: 4);
        Assert.IsLessThanOrEqualTo((double)module.state_dict().Values.Sum(tensor => tensor.numel()), network.LeastWeights(_input));
    }

    [TestMethod]
    public void LeastWeights_grow_with_every_size()
    {
        const int Large = 600_000_000;
        TextNetwork[] large =
        [
            new BagOfEmbeddings(Width: Large),
            new BagOfEmbeddings(Width: 1, Hidden: Large),
            new TextCnn(Width: Large),
            new TextCnn(Width: 1, LongestFilter: Large, FeatureMaps: 1),
            new TextCnn(Width: 1, FeatureMaps: Large),
            new TextTransformer(Layers: Large, Width: 1, Heads: 1, FeedForward: 1),
            new TextTransformer(Width: Large),
            new TextTransformer(Width: 1, Heads: 1, FeedForward: Large),
            Small(BertModelType.Bert) with { Layers = Large },
            Small(BertModelType.Bert) with { HiddenSize = Large },
            Small(BertModelType.Bert) with { IntermediateSize = Large },
            Small(BertModelType.Bert) with { MaxPositions = Large },
            Small(BertModelType.Bert) with { TypeVocabulary = Large },
        ];

        foreach (var network in large)
            Assert.IsGreaterThanOrEqualTo((double)Large, network.LeastWeights(_input), network.ToString());
        foreach (var network in new TextNetwork[] { new BagOfEmbeddings(), new TextCnn(), new TextTransformer(), Small(BertModelType.Roberta) })
            Assert.IsGreaterThanOrEqualTo((double)Large, network.LeastWeights(_input with { Vocabulary = Large }), network.ToString());
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Network_survives_JSON(TextNetwork network)
    {
        var json = JsonSerializer.Serialize(network, network.GetType(), RecordJson.Options);
        Assert.AreEqual(network, JsonSerializer.Deserialize(json, network.GetType(), RecordJson.Options));
    }

    [TestMethod]
    public void Build_draws_words_as_the_authors_do()
    {
        using var generator = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1);

        // The largest of thousands of numbers is all but at the bound.
        Assert.AreEqual(1.0 / 256, LargestOfWords(new BagOfEmbeddings()), 1e-4);
        Assert.AreEqual(0.25, LargestOfWords(new TextCnn()), 1e-3);

        static double LargestOfWords(TextNetwork network)
        {
            using var scope = NewDisposeScope();
            using var module = network.Build(_input, classes: 2);
            return module.state_dict()["words.weight"].abs().max().ToDouble();
        }
    }

    [TestMethod]
    public void Networks_that_know_sentences_tell_them_apart()
    {
        Assert.IsTrue(Differ(new TextTransformer()));
        Assert.IsTrue(Differ(Small(BertModelType.Bert)));
        Assert.IsFalse(Differ(Small(BertModelType.DistilBert)));
        Assert.IsFalse(Differ(Small(BertModelType.Roberta) with { TypeVocabulary = 1 }));
        Assert.IsFalse(Differ(new BagOfEmbeddings()));
        Assert.IsFalse(Differ(new TextCnn()));

        static bool Differ(TextNetwork network)
        {
            using var scope = NewDisposeScope();
            using var module = InFloat64(network);
            return !module.call(TextRows.Of(_texts, padId: Pad)).Equals(module.call(TextRows.Of(_texts, _sentences, Pad)));
        }
    }

    [TestMethod]
    public void Build_checks_what_it_is_given()
    {
        var errors = new ErrorText()
            .Add("one class", () => new BagOfEmbeddings().Build(_input, classes: 1))
            .Add("padding beyond the vocabulary", () => new BagOfEmbeddings().Build(_input with { PadId = 20 }, classes: 2))
            .Add("no vocabulary", () => new TextShape(Vocabulary: 0, MaxLength: 5, PadId: 0))
            .Add("no length", () => new TextShape(Vocabulary: 5, MaxLength: 0, PadId: 0))
            .Add("negative padding", () => new TextShape(Vocabulary: 5, MaxLength: 5, PadId: -1))
            .Add("filters from long to short", () => new TextCnn(ShortestFilter: 6).Build(_input, classes: 2))
            .Add("a width that heads do not share", () => new TextTransformer(Heads: 7).Build(_input, classes: 2))
            .Add("an unknown pooling", () => new TextTransformer(Pooling: (TextPooling)2))
            .Add("a dropout of everything", () => new TextTransformer(Dropout: 1))
            .Add("no layers", () => new TextTransformer(Layers: 0))
            .Add("a width of zero", () => new BagOfEmbeddings(Width: 0))
            .Add("a hidden layer of less than zero", () => new BagOfEmbeddings(Hidden: -1))
            .Add("no feature maps", () => new TextCnn(FeatureMaps: 0));
        Golden.Matches("Networks/TextNetworkErrors.txt", errors.ToString());
    }

    [TestMethod]
    public void Build_of_a_users_own_network_checks_for_it()
    {
        using var module = new FirstWord().Build(_input, classes: 4);

        Assert.AreSequenceEqual([3, 4], module.call(TextRows.Of(_texts, _sentences, Pad)).shape);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new FirstWord().Build(_input, classes: 1));
    }

    static nn.Module<Tensor, Tensor> InFloat64(TextNetwork network)
    {
        var module = network.Build(_input, classes: 4);
        module.to(ScalarType.Float64);
        module.eval();
        return module;
    }

    static BertEncoder Small(BertModelType type) => new()
    {
        ModelType = type,
        Layers = 2,
        HiddenSize = 12,
        Heads = 3,
        IntermediateSize = 20,
        MaxPositions = 12,
        TypeVocabulary = type == BertModelType.DistilBert ? 0 : 2,
    };
}
