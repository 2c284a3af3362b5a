namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class BertEncoderTests
{
    static readonly TextShape _input = new(Vocabulary: 17, MaxLength: 8, PadId: 0);

    // The published counts are those of the hub's models with a head of two classes: 109,482,240 of bert-base-uncased and
    // 22,713,216 of all-MiniLM-L6-v2, to which the output adds twice the width and 2; roberta-base and distilbert-base-uncased as a whole.
    static IEnumerable<object[]> Published =>
    [
        [new BertEncoder(), 30_522, 109_482_240 + 2 * 768 + 2],
        [new BertEncoder { ModelType = BertModelType.Roberta, MaxPositions = 514, TypeVocabulary = 1 }, 50_265, 124_647_170],
        [new BertEncoder { ModelType = BertModelType.DistilBert, Layers = 6, TypeVocabulary = 0 }, 30_522, 66_955_010],
        [new BertEncoder { Layers = 6, HiddenSize = 384, IntermediateSize = 1536 }, 30_522, 22_713_216 + 2 * 384 + 2],
    ];

    [TestMethod]
    [DynamicData(nameof(Published))]
    public void Build_has_as_many_weights_as_published(BertEncoder network, int vocabulary, int weights)
    {
        using var module = network.Build(new TextShape(vocabulary, MaxLength: 512, PadId: 1), classes: 2);
        Assert.AreEqual(weights, module.parameters().Sum(p => p.numel()));
    }

    [TestMethod]
    public void Build_draws_matrices_from_the_normal_distribution_of_BERT()
    {
        using var scope = NewDisposeScope();
        using var generator = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1);
        using var module = new BertEncoder { Layers = 2, HiddenSize = 128, Heads = 2, IntermediateSize = 512 }.Build(new TextShape(1000, MaxLength: 512, PadId: 0), classes: 64);

        foreach (var (name, parameter) in module.named_parameters())
            if (parameter.dim() == 1)
                Assert.IsTrue(parameter.eq(name.EndsWith("weight") ? 1 : 0).all().ToBoolean(), name);
            else if (parameter.numel() > 8000)
                // A standard deviation is known to 0.8 % from 8,000 numbers: five times that. Its error of the mean is 0.02 / 90.
                Assert.AreEqual((0.02, 0.0), (Math.Round(parameter.std().ToDouble() / 0.04, 1) * 0.04, Math.Round(parameter.mean().ToDouble(), 2)), name);
        Assert.AreEqual(0.0, module.state_dict()["embeddings.words.weight"][0].abs().sum().ToDouble());
    }

    [TestMethod]
    public void FromFolder_reads_the_config_of_each_architecture()
    {
        var bert = BertEncoder.FromFolder(Golden.PathOf("Networks/bert"));
        var (minilm, roberta, distilbert) = (BertEncoder.FromFolder(Golden.PathOf("Networks/minilm")), BertEncoder.FromFolder(Golden.PathOf("Networks/roberta")), BertEncoder.FromFolder(Golden.PathOf("Networks/distilbert")));

        var expected = new BertEncoder { Layers = 2, HiddenSize = 8, Heads = 2, IntermediateSize = 12, MaxPositions = 10, Vocabulary = 17, PadId = 0 };
        Assert.AreEqual(expected with { Folder = bert.Folder }, bert);
        Assert.AreEqual(expected with { Folder = minilm.Folder, Activation = HiddenActivation.GeluTanh, LayerNormEpsilon = 1e-6 }, minilm);
        Assert.AreEqual(expected with { Folder = roberta.Folder, ModelType = BertModelType.Roberta, PadId = 1, TypeVocabulary = 1, LayerNormEpsilon = 1e-5 }, roberta);
        Assert.AreEqual(expected with { Folder = distilbert.Folder, ModelType = BertModelType.DistilBert, TypeVocabulary = 0, HeadDropout = 0.2 }, distilbert);
    }

    [TestMethod]
    public void FromFolder_takes_the_defaults_of_the_authors_where_the_config_says_nothing()
    {
        using var folder = new TinyFolder()
            .ChangeConfig("""  "layer_norm_eps": 1e-12,""", "").ChangeConfig("""  "hidden_act": "gelu",""", "").ChangeConfig("""  "pad_token_id": 0,""", "")
            .ChangeConfig("""  "attention_probs_dropout_prob": 0.1,""", "").ChangeConfig("""  "hidden_dropout_prob": 0.1,""", "").ChangeConfig("""  "type_vocab_size": 2,""", "");

        Assert.AreEqual(BertEncoder.FromFolder(Golden.PathOf("Networks/bert")) with { Folder = folder.Path }, BertEncoder.FromFolder(folder.Path));
    }

    [TestMethod]
    public void FromFolder_takes_dropouts_from_the_config()
    {
        using var folder = new TinyFolder()
            .ChangeConfig("""attention_probs_dropout_prob": 0.1""", """attention_probs_dropout_prob": 0.05""")
            .ChangeConfig("""hidden_dropout_prob": 0.1""", """hidden_dropout_prob": 0.2""");
        var network = BertEncoder.FromFolder(folder.Path);

        Assert.AreEqual((0.05, 0.2, 0.2), (network.AttentionDropout, network.HiddenDropout, network.HeadDropout));
        folder.ChangeConfig("""classifier_dropout": null""", """classifier_dropout": 0.3""");
        Assert.AreEqual(0.3, BertEncoder.FromFolder(folder.Path).HeadDropout);
    }

    [TestMethod]
    public void Build_reads_the_pooler_where_the_file_has_one_and_draws_it_where_not()
    {
        using var scope = NewDisposeScope();
        using var folder = new TinyFolder().ChangeWeights(tensors => tensors["bert.pooler.dense.weight"].fill_(7));
        using var trained = BertEncoder.FromFolder(folder.Path).Build(_input, classes: 3);
        Assert.IsTrue(trained.state_dict()["head.dense.weight"].eq(7).all().ToBoolean());

        folder.ChangeWeights(tensors =>
        {
            tensors.Remove("bert.pooler.dense.weight");
            tensors.Remove("bert.pooler.dense.bias");
        });
        using var fresh = BertEncoder.FromFolder(folder.Path).Build(_input, classes: 3);
        Assert.IsLessThan(0.2, fresh.state_dict()["head.dense.weight"].abs().max().ToDouble());
    }

    [TestMethod]
    public void Build_leaves_no_tensor_of_the_file_behind()
    {
        var network = BertEncoder.FromFolder(Golden.PathOf("Networks/bert"));
        long Left(BertEncoder built)
        {
            var before = LiveTensors.Before();
            using var scope = NewDisposeScope();
            using var module = built.Build(_input, classes: 3);
            return Tensor.TotalCount - before;
        }

        Assert.AreEqual(Left(network with { Folder = null }), Left(network));
    }

    [TestMethod]
    public void Without_its_folder_the_network_is_built_from_its_numbers()
    {
        BertEncoder network;
        using (var folder = new TinyFolder())
            network = BertEncoder.FromFolder(folder.Path);

        using var module = network.WithoutFiles.Build(_input, classes: 3);

        Assert.AreEqual(network with { Folder = null }, network.WithoutFiles);
        Assert.IsTrue(module.state_dict().ContainsKey("layers.1.attention.query.weight"));
    }

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(1, 5 + 16)]
    [DataRow(2, 5 + 32)]
    public void FrozenLayers_keep_their_weights_from_training(int layers, int frozen)
    {
        using var module = (BertEncoder.FromFolder(Golden.PathOf("Networks/bert")) with { FrozenLayers = layers }).Build(_input, classes: 3);

        var names = module.named_parameters().Where(p => !p.parameter.requires_grad).Select(p => p.name).ToArray();

        Assert.HasCount(frozen, names);
        Assert.IsTrue(names.All(name => name.StartsWith("embeddings.") || Enumerable.Range(0, layers).Any(layer => name.StartsWith($"layers.{layer}."))));
    }

    [TestMethod]
    public void FrozenLayers_stay_so_in_another_type_and_out_of_the_flat_weights()
    {
        using var scope = NewDisposeScope();
        using var module = (BertEncoder.FromFolder(Golden.PathOf("Networks/bert")) with { FrozenLayers = 2 }).Build(_input, classes: 3);
        module.to(ScalarType.Float64);

        using var flat = new FlatWeights(module);

        Assert.AreSequenceEqual(["head.dense.weight", "head.dense.bias", "head.output.weight", "head.output.bias"], flat.Blocks.Select(block => block.Name));
    }

    [TestMethod]
    public void LayerRates_fall_from_the_top_layer_to_the_embeddings_and_cover_each_parameter_once()
    {
        var network = BertEncoder.FromFolder(Golden.PathOf("Networks/bert")) with { LayerDecay = 0.5 };
        using var module = network.Build(_input, classes: 3);

        double Factor(string name) => network.LayerRates
            .Where(rate => new WeightsNamed(rate.Weights).Includes(new WeightBlock(name, [1], isNorm: false, offset: 0))).Select(rate => rate.Factor).SingleOrDefault(1);

        foreach (var (name, _) in module.named_parameters())
            Assert.AreEqual(name.StartsWith("embeddings.") ? 0.25 : name.StartsWith("layers.0.") ? 0.5 : 1, Factor(name), name);
        Assert.IsEmpty((network with { LayerDecay = 1 }).LayerRates);
        Assert.AreSequenceEqual(["embeddings.*", .. Enumerable.Range(0, 11).Select(layer => $"layers.{layer}.*")], new BertEncoder { LayerDecay = 0.9 }.LayerRates.Select(rate => rate.Weights));
    }

    [TestMethod]
    public void Numbers_out_of_their_range_are_refused_by_name()
    {
        var errors = new ErrorText()
            .Add("no layers", () => _ = new BertEncoder { Layers = 0 })
            .Add("no width", () => _ = new BertEncoder { HiddenSize = 0 })
            .Add("no heads", () => _ = new BertEncoder { Heads = 0 })
            .Add("no feed-forward layer", () => _ = new BertEncoder { IntermediateSize = 0 })
            .Add("no positions", () => _ = new BertEncoder { MaxPositions = 0 })
            .Add("fewer than no sentences", () => _ = new BertEncoder { TypeVocabulary = -1 })
            .Add("no epsilon", () => _ = new BertEncoder { LayerNormEpsilon = 0 })
            .Add("a dropout of everything", () => _ = new BertEncoder { HiddenDropout = 1 })
            .Add("an attention dropout that is no number", () => _ = new BertEncoder { AttentionDropout = double.NaN })
            .Add("a negative head dropout", () => _ = new BertEncoder { HeadDropout = -0.1 })
            .Add("no vocabulary", () => _ = new BertEncoder { Vocabulary = 0 })
            .Add("a negative padding", () => _ = new BertEncoder { PadId = -1 })
            .Add("negative frozen layers", () => _ = new BertEncoder { FrozenLayers = -1 })
            .Add("no decay but everything", () => _ = new BertEncoder { LayerDecay = 0 })
            .Add("a decay that grows", () => _ = new BertEncoder { LayerDecay = 1.1 })
            .Add("an unknown model type", () => _ = new BertEncoder { ModelType = (BertModelType)3 })
            .Add("an unknown activation", () => _ = new BertEncoder { Activation = (HiddenActivation)3 });
        Golden.Matches("Networks/BertEncoderErrors.txt", errors.ToString());
    }

    [TestMethod]
    public void Folders_that_do_not_fit_are_refused_with_the_reason()
    {
        using var folder = new TinyFolder();
        var network = BertEncoder.FromFolder(folder.Path);
        var errors = new ErrorText()
            .Add("no folder", () => BertEncoder.FromFolder(folder.In("nowhere")))
            .Add("no config", () => Read(f => f.Delete("config.json")))
            .Add("no weights", () => Read(f => f.Delete("model.safetensors")))
            .Add("a config that is no JSON", () => Read(f => f.ChangeConfig("{", "")))
            .Add("a config that is a list", () => Read(f => File.WriteAllText(f.In("config.json"), "[]")))
            .Add("no model_type", () => Read(f => f.ChangeConfig("model_type", "model")))
            .Add("an unknown model_type", () => Read(f => f.ChangeConfig("\"bert\"", "\"gpt2\"")))
            .Add("no number of layers", () => Read(f => f.ChangeConfig("num_hidden_layers", "layers")))
            .Add("half a layer", () => Read(f => f.ChangeConfig("num_hidden_layers\": 2", "num_hidden_layers\": 2.5")))
            .Add("less than no layer", () => Read(f => f.ChangeConfig("num_hidden_layers\": 2", "num_hidden_layers\": -2")))
            .Add("a dropout in words", () => Read(f => f.ChangeConfig("hidden_dropout_prob\": 0.1", "hidden_dropout_prob\": \"some\"")))
            .Add("an unknown activation", () => Read(f => f.ChangeConfig("\"gelu\"", "\"silu\"")))
            .Add("relative positions", () => Read(f => f.ChangeConfig("\"absolute\"", "\"relative_key\"")))
            .Add("heads that do not share the width", () => Read(f => f.ChangeConfig("num_attention_heads\": 2", "num_attention_heads\": 3")))
            .Add("a file that is cut off", () => Read(f => File.WriteAllBytes(f.In("model.safetensors"), File.ReadAllBytes(f.In("model.safetensors"))[..^5])))
            .Add("a file that has gone since", () => BuildAfter(f => f.Delete("model.safetensors")))
            .Add("a layer too many, one missing tensor and one of another shape", () => Read(f => f.ChangeWeights(Spoil)))
            .Add("two names for one tensor", () => Read(f => f.ChangeWeights(tensors => tensors["embeddings.LayerNorm.weight"] = ones(8))))
            .Add("a vocabulary of another size", () => network.Build(_input with { Vocabulary = 18 }, classes: 3))
            .Add("another padding", () => network.Build(_input with { PadId = 3 }, classes: 3))
            .Add("texts beyond the positions", () => network.Build(_input with { MaxLength = 11 }, classes: 3))
            .Add("texts beyond the positions of RoBERTa", () => BertEncoder.FromFolder(Golden.PathOf("Networks/roberta")).Build(_input with { PadId = 1, MaxLength = 9 }, classes: 3))
            .Add("texts beyond the positions of a fresh network", () => new BertEncoder().Build(_input with { MaxLength = 600 }, classes: 3))
            .Add("more frozen layers than there are", () => (network with { FrozenLayers = 3 }).Build(_input, classes: 3));
        Golden.Matches("Networks/BertFolderErrors.txt", errors.ToString().Replace(folder.Path, "FOLDER").Replace(Golden.PathOf("Networks"), "MODELS"));

        void Read(Action<TinyFolder> spoil)
        {
            using var spoilt = new TinyFolder();
            spoil(spoilt);
            Named(spoilt, () => BertEncoder.FromFolder(spoilt.Path).Build(_input, classes: 3).Dispose());
        }

        void BuildAfter(Action<TinyFolder> spoil)
        {
            using var spoilt = new TinyFolder();
            var read = BertEncoder.FromFolder(spoilt.Path);
            spoil(spoilt);
            Named(spoilt, () => read.Build(_input, classes: 3).Dispose());
        }

        void Named(TinyFolder spoilt, Action act)
        {
            try
            {
                act();
            }
            catch (InvalidOperationException error)
            {
                throw new InvalidOperationException(error.Message.Replace(spoilt.Path, folder.Path));
            }
        }

        static void Spoil(Dictionary<string, Tensor> tensors)
        {
            tensors["bert.encoder.layer.2.output.dense.bias"] = zeros(8);
            tensors.Remove("bert.encoder.layer.0.attention.self.query.bias");
            tensors["bert.embeddings.word_embeddings.weight"] = zeros(18, 8);
        }
    }
}
