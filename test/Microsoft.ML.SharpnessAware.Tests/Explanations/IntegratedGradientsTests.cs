namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class IntegratedGradientsTests
{
    const double Rounding = 1e-12;
    const int Pad = 0;

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    public void Explain_of_a_product_gives_each_factor_an_equal_share(int steps)
    {
        // From 0 to (2, 3), the score x y has the gradient (3 t, 2 t), whose mean is (1.5, 1): 2 · 1.5 and 3 · 1.
        using var network = new Product();
        using var text = Text(1, 2);

        var scores = IntegratedGradients.Of(network, "test", Pad, text).Explain(text, [true, true], index: 0, steps);

        Near.Equal([3, 3], scores.OfTokens, Rounding);
        Assert.AreEqual((6.0, 0.0), (scores.Score, scores.Baseline));
    }

    [TestMethod]
    public void Explain_leaves_special_tokens_in_the_baseline()
    {
        // From (2, 0) to (2, 3): the first never changes, and the second has all of the score.
        using var network = new Product();
        using var text = Text(1, 2);

        var scores = IntegratedGradients.Of(network, "test", Pad, text).Explain(text, [false, true], index: 0, steps: 3);

        Near.Equal([0, 6], scores.OfTokens, Rounding);
    }

    [TestMethod]
    public void Explain_of_a_linear_network_is_its_weights_times_the_embeddings()
    {
        using var network = new BagOfEmbeddings(Width: 3).Build(new TextShape(Vocabulary: 5, MaxLength: 4, Pad), classes: 2);
        network.to(ScalarType.Float64).eval();
        using var text = Text(1, 2, 4);

        var scores = IntegratedGradients.Of(network, "test", Pad, text).Explain(text, [true, true, true], index: 1, steps: 1);

        using var scope = NewDisposeScope();
        var expected = network.get_parameter("words.weight")![tensor(new long[] { 1, 2, 4 })].mv(network.get_parameter("head.output.weight")![1]) / 3;
        Near.Equal(Near.Numbers(expected), scores.OfTokens, Rounding);
        Assert.AreEqual(scores.Score - scores.Baseline, scores.OfTokens.Sum(), Rounding);
    }

    [TestMethod]
    public void Scores_of_a_transformer_add_up_the_better_the_more_steps_there_are()
    {
        using var random = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1);
        using var network = new TextTransformer(Layers: 2, Width: 8, Heads: 2, FeedForward: 16).Build(new TextShape(Vocabulary: 20, MaxLength: 8, Pad), classes: 3);
        network.to(ScalarType.Float64).eval();
        using var text = Text(3, 5, 7, 11, 13);
        var method = IntegratedGradients.Of(network, "test", Pad, text);

        double[] errors = [.. new[] { 10, 40, 160 }.Select(Error)];

        // A quarter of the step leaves a sixteenth of the error of the midpoint rule, about.
        Assert.IsLessThan(errors[0] / 8, errors[1]);
        Assert.IsLessThan(errors[1] / 8, errors[2]);

        double Error(int steps)
        {
            var scores = method.Explain(text, [true, true, true, true, true], index: 2, steps);
            return Math.Abs(scores.Score - scores.Baseline - scores.OfTokens.Sum());
        }
    }

    [TestMethod]
    public void Of_names_a_network_that_embeds_nothing()
    {
        using var network = new Counter();
        using var text = Text(1, 2);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => IntegratedGradients.Of(network, "Counter { }", Pad, text));

        Assert.AreEqual("Token attributions need a layer of the type Embedding that turns the ids of tokens into vectors, and the network Counter { } has none that is given the ids as they are. Let the network call one, as nn.Embedding makes it.", error.Message);
    }

    static Tensor Text(params long[] ids)
    {
        using var scope = NewDisposeScope();
        return stack([tensor(ids), zeros(ids.Length, dtype: ScalarType.Int64)]).unsqueeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>The product of the tokens' embeddings, of which there is one number each: 0, 2, 3.</summary>
    sealed class Product : nn.Module<Tensor, Tensor>
    {
        readonly nn.Module<Tensor, Tensor> _words = nn.Embedding(3, 1, dtype: ScalarType.Float64);

        public Product() : base(nameof(Product))
        {
            RegisterComponents();
            using var noGradients = no_grad();
            using var values = tensor(new[] { 0.0, 2, 3 }).reshape(3, 1);
            foreach (var table in _words.parameters())
                table.copy_(values);
        }

        public override Tensor forward(Tensor texts)
        {
            using var scope = NewDisposeScope();
            var product = _words.call(texts.select(1, 0)).prod(1);
            return cat([product, -product], 1).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Looks at the ids as numbers.</summary>
    sealed class Counter : nn.Module<Tensor, Tensor>
    {
        readonly nn.Module<Tensor, Tensor> _output = nn.Linear(1, 2);

        public Counter() : base(nameof(Counter)) => RegisterComponents();

        public override Tensor forward(Tensor texts)
        {
            using var scope = NewDisposeScope();
            return _output.call(texts.select(1, 0).to(ScalarType.Float32).mean([1], keepdim: true)).MoveToOuterDisposeScope();
        }
    }
}
