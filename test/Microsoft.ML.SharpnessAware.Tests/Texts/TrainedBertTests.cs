namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Trainings that start from a folder as it is downloaded: a network of BERT's kind with its vocabulary.</summary>
[TestClass]
public class TrainedBertTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow("bert")]
    [DataRow("minilm")]
    [DataRow("distilbert")]
    [DataRow("roberta")]
    public void Model_scores_the_same_after_the_folder_has_gone(string name)
    {
        var folder = TinyFolder.WithVocabulary(name);
        var rows = Rows(24);
        var model = TinyText.Pipeline(_ml, options => From(folder, options, network => network)).Fit(rows);
        var expected = SamImageTransformerTests.Scores(model, rows);
        var zip = SavedModel.Of(_ml, model, rows.Schema);
        folder.Dispose();

        var loaded = SavedModel.Load(new MLContext(), zip);

        var actual = SamImageTransformerTests.Scores(loaded, rows);
        for (var i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i]);
        Assert.DoesNotContain(folder.Path, System.Text.Encoding.UTF8.GetString(SavedModel.Entry(zip, "Model.json")));
    }

    [TestMethod]
    [DataRow("Folder")]
    [DataRow("OnnxFile")]
    public void Model_whose_JSON_names_files_loads_without_them(string option)
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        using var model = TinyText.Trainer(_ml, options => From(folder, options, network => network)).Fit(Keyed(6));

        var zip = SavedModel.With(SavedModel.Of(_ml, model), "Model.json", json =>
        {
            var text = System.Text.Encoding.UTF8.GetString(json);
            Assert.Contains($"\"{option}\": null", text);
            return System.Text.Encoding.UTF8.GetBytes(text.Replace($"\"{option}\": null", $"\"{option}\": \"nowhere\""));
        });
        using var loaded = (SamTextTransformer)SavedModel.Load(new MLContext(), zip);

        CollectionAssert.AreEqual(SamImageTransformerTests.Scores(model, Rows(6))[5], SamImageTransformerTests.Scores(loaded, Rows(6))[5]);
        // As for explanations and measures.
        using var copy = ((IMeasurable)loaded).Classifier.CopyNetwork(ScalarType.Float32);
    }

    [TestMethod]
    public void A_run_goes_on_when_the_folder_was_moved_and_not_with_another_vocabulary()
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        using var moved = TinyFolder.WithVocabulary("bert");
        var checkpoints = Directory.CreateTempSubdirectory("Vocabulary").FullName;
        void Fit(TinyFolder place, Action<SamTextTrainer.Options>? change = null) => TinyText.Trainer(_ml, options =>
        {
            From(place, options, network => network);
            options.CheckpointFolder = checkpoints;
            change?.Invoke(options);
        }).Fit(Keyed(24)).Dispose();
        try
        {
            Fit(folder);

            Fit(moved);

            Refuses(() => Fit(moved, options => options.Tokenizer = new WordPieceVocabulary(moved.Path, LowerCase: false)));
            File.WriteAllText(moved.In("vocab.txt"), File.ReadAllText(moved.In("vocab.txt")).Replace("sun\nrain", "rain\nsun"));
            Refuses(() => Fit(moved));
        }
        finally
        {
            Directory.Delete(checkpoints, recursive: true);
        }
    }

    [TestMethod]
    public void A_run_does_not_go_on_where_the_vocabulary_of_the_network_is_read_otherwise()
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        var file = PyTorchExport.In(folder, BertEncoder.FromFolder(folder.Path).Heads);
        var checkpoints = Directory.CreateTempSubdirectory("Vocabulary").FullName;
        void Fit(bool lowerCase) => TinyText.Trainer(_ml, options =>
        {
            (options.Network, options.Tokenizer, options.MaxLength) = (BertEncoder.FromOnnx(file, folder.In("vocab.txt"), lowerCase: lowerCase), null, 8);
            options.CheckpointFolder = checkpoints;
        }).Fit(Keyed(24)).Dispose();
        try
        {
            Fit(lowerCase: true);

            Fit(lowerCase: true);

            Refuses(() => Fit(lowerCase: false));
        }
        finally
        {
            Directory.Delete(checkpoints, recursive: true);
        }
    }

    [TestMethod]
    public void Frozen_layers_keep_every_bit()
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        var before = FolderWeights(folder);

        var after = TrainedWeights(folder, network => network with { FrozenLayers = 1 });

        foreach (var (name, weights) in before)
            if (IsFrozen(name))
                CollectionAssert.AreEqual(weights, after[name], name);
        Assert.IsTrue(before.Keys.Any(IsFrozen));
        CollectionAssert.AreNotEqual(before["layers.1.feedForward.first.weight"], after["layers.1.feedForward.first.weight"]);

        static bool IsFrozen(string name) => name.StartsWith("embeddings.") || name.StartsWith("layers.0.");
    }

    [TestMethod]
    public void Layer_decay_shortens_the_step_of_each_layer_below_the_last()
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        var start = FolderWeights(folder);
        var alike = TrainedWeights(folder, network => network);

        var decayed = TrainedWeights(folder, network => network with { LayerDecay = 0.5 });

        foreach (var name in start.Keys)
        {
            var factor = name.StartsWith("embeddings.") ? 0.25 : name.StartsWith("layers.0.") ? 0.5 : 1;
            Near.Equal(Steps(alike, name, factor), Steps(decayed, name, 1), 1e-6, name); // weights of some 1 in float32, and their differences
        }
        Assert.IsGreaterThan(1e-4, Steps(decayed, "layers.0.feedForward.first.weight", 1).Max(Math.Abs), "there is a step to compare");

        double[] Steps(Dictionary<string, float[]> end, string name, double factor) => [.. end[name].Zip(start[name], (to, from) => factor * (to - (double)from))];
    }

    [TestMethod]
    public void Fit_explains_what_does_not_fit_the_folder()
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        void Fit(Action<SamTextTrainer.Options> change) => TinyText.Trainer(_ml, options => { From(folder, options, network => network); change(options); }).Fit(Keyed(6));

        var errors = new ErrorText()
            .Add("a learned vocabulary", () => Fit(options => options.Tokenizer = new LearnedVocabulary()))
            .Add("texts beyond the positions", () => Fit(options => options.MaxLength = 256))
            .Add("a vocabulary that is cut off", () =>
            {
                File.WriteAllText(folder.In("vocab.txt"), "[PAD]\n[UNK]\n");
                Fit(_ => { });
            })
            .Add("no vocabulary", () =>
            {
                folder.Delete("vocab.txt");
                Fit(_ => { });
            });

        Golden.Matches("Classification/TrainedBert.txt", errors.ToString().Replace(folder.Path, "FOLDER"));
    }

    static void Refuses(Action fit) => Assert.Contains("the words and settings of the tokenizer differ", Assert.Throws<InvalidOperationException>(fit).Message);

    static void From(TinyFolder folder, SamTextTrainer.Options options, Func<BertEncoder, BertEncoder> change)
    {
        var network = BertEncoder.FromFolder(folder.Path);
        options.Network = change(network);
        options.Tokenizer = network.ModelType == BertModelType.Roberta ? new BytePairVocabulary(folder.Path) : new WordPieceVocabulary(folder.Path);
        options.MaxLength = 8;
    }

    /// <summary>The weights after one step on all rows.</summary>
    Dictionary<string, float[]> TrainedWeights(TinyFolder folder, Func<BertEncoder, BertEncoder> change)
    {
        using var model = TinyText.Trainer(_ml, options =>
        {
            From(folder, options, network => change(network with { HiddenDropout = 0, AttentionDropout = 0, HeadDropout = 0 }));
            (options.BatchSize, options.Optimizer, options.Schedule) = (24, new Sgd(0.5), new ConstantSchedule());
        }).Fit(Keyed(24));
        using var scope = NewDisposeScope();
        return Values(SafeTensors.Read(new MemoryStream(SavedModel.Entry(SavedModel.Of(_ml, model), "Weights.safetensors"))));
    }

    /// <summary>The weights that the folder gives a network; its head is fresh and stays out.</summary>
    static Dictionary<string, float[]> FolderWeights(TinyFolder folder)
    {
        using var scope = NewDisposeScope();
        using var random = Seeds.BorrowGlobalGenerator();
        using var network = BertEncoder.FromFolder(folder.Path).Build(new TextShape(17, MaxLength: 8, PadId: 0), classes: 2);
        return Values(network.state_dict().Where(weights => !weights.Key.StartsWith("head.")).ToDictionary());
    }

    static Dictionary<string, float[]> Values(Dictionary<string, Tensor> tensors) => tensors.ToDictionary(tensor => tensor.Key, tensor => tensor.Value.data<float>().ToArray());

    IDataView Rows(int count) =>
        Sentences.RowsOf(i => new SentenceRow { Sentence1 = i % 2 == 0 ? i % 4 == 0 ? "sun sun" : "rain rain sun" : "soup soup", Label = i % 2 == 0 ? "sky" : "food" })(_ml, count);

    IDataView Keyed(int count) => Pictures.Keyed(_ml, Rows(count));
}
