using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SamTextTrainerTests
{
    [TestMethod]
    public void Options_that_are_wrong_are_all_named_in_one_error()
    {
        var errors = new ErrorText()
            .Add("every fault of its own", () => TinyText.Trainer(new MLContext(), options =>
            {
                options.Sentence1ColumnName = null!;
                options.Sentence2ColumnName = " ";
                options.Tokenizer = null!;
                options.Network = null!;
                options.MaxLength = 5;
            }));

        Golden.Matches("Classification/TextOptions.txt", errors.ToString());
    }

    [TestMethod]
    public void Catalog_has_TextClassifications_parameters()
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.SamText("Label", "S", "P", "Sentence1", "Sentence2", 4, 1, Sentences.KeyedRows(ml), rho: 0.1);
        using var model = trainer.Fit(Sentences.KeyedRows(ml));

        var columns = model.Transform(Sentences.KeyedRows(ml)).Schema.Select(column => column.Name).ToArray();

        CollectionAssert.AreEqual(new[] { "P", "S" }, columns[^2..]);
    }

    [TestMethod]
    public void Fit_learns()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyText.Trainer(ml, options => options.Epoch = 12).Fit(Sentences.KeyedRows(ml, 60));

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(Sentences.KeyedRows(ml, 90)));

        Assert.AreEqual(1, metrics.MicroAccuracy, 0.05, "each class has words of its own");
    }

    [TestMethod]
    public void Odd_texts_train_and_score_to_probabilities()
    {
        var ml = new MLContext(seed: 1);
        string?[] texts =
        [
            "", "   \t ", null, string.Concat(Enumerable.Repeat("the quick brown fox. ", 5_000))[..100_000], new string('x', 100_000),
            "straße ПРИВЕТ 你好 ไทย مرحبا नमस्ते 👩‍👩‍👧 e\u0301", "\0\u0001\uFFFD", "plain words",
        ];
        var rows = Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = texts[i % texts.Length], Label = $"{i % 2}" })(ml, 16));

        using var model = TinyText.Trainer(ml).Fit(rows);

        foreach (var score in SamImageTransformerTests.Scores(model, rows))
            Assert.AreEqual(1, score.Sum(), 1e-5, "softmax in float32");
    }

    [TestMethod]
    public void Numeric_labels_come_back_as_numbers()
    {
        var ml = new MLContext(seed: 1);
        var rows = Sentences.RowsOf(i => new { Sentence1 = Sentences.Text(i), Label = i % 3 * 0.5f })(ml, 12);

        var model = TinyText.Pipeline(ml).Fit(rows);
        var loaded = SavedModel.Load(new MLContext(), SavedModel.Of(ml, model, rows.Schema));

        CollectionAssert.IsSubsetOf(loaded.Transform(rows).GetColumn<float>("PredictedLabel").Distinct().ToArray(), new[] { 0f, 0.5f, 1f });
    }

    [TestMethod]
    public void Second_sentences_are_read()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyText.Trainer(ml, options => options.Sentence2ColumnName = "Sentence2").Fit(Sentences.KeyedRows(ml));

        IDataView With(string second) => Sentences.RowsOf(i => new SentenceOnly { Sentence1 = "today", Sentence2 = second })(ml, 1);

        CollectionAssert.AreNotEqual(SamImageTransformerTests.Scores(model, With("rain"))[0], SamImageTransformerTests.Scores(model, With("soup"))[0]);
    }

    [TestMethod]
    public void Two_hundred_classes_are_learned()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = $"this is about word{i % 200} and so on", Label = $"class {i % 200}" })(ml, 400));

        using var model = TinyText.Trainer(ml, options => (options.Network, options.Epoch, options.BatchSize, options.Optimizer) = (new BagOfEmbeddings(), 30, 32, new AdamW(0.02))).Fit(rows);

        Assert.IsGreaterThan(0.9, ml.MulticlassClassification.Evaluate(model.Transform(rows)).MicroAccuracy);
    }

    [TestMethod]
    public void Uneven_real_classes_train_and_evaluate()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.TakeRows(RealTexts.Keyed(ml, "corefx-issues-train.tsv", "Area"), 400);

        using var model = TinyText.Trainer(ml, options => (options.LabelColumnName, options.Sentence1ColumnName, options.Network, options.ValidationSetFraction) = ("Area", "Title", new BagOfEmbeddings(), 0.2f)).Fit(rows);

        Assert.IsTrue(double.IsFinite(ml.MulticlassClassification.Evaluate(model.Transform(rows), "Area").LogLoss));
        Assert.AreEqual("Vector<Single, 22>", model.Transform(rows).Schema["Score"].Type.ToString());
    }

    [TestMethod]
    public void Class_seen_in_validation_alone_counts_there()
    {
        var ml = new MLContext(seed: 1);
        var all = Sentences.KeyedRows(ml, 30);
        var seen = new List<double?>();
        using var model = TinyText.Trainer(ml, options => (options.Epoch, options.MetricsCallback) = (6, metrics => seen.Add(metrics.ValidationAccuracy)))
            .Fit(ml.Data.FilterRowsByKeyColumnFraction(all, "Label", upperBound: 0.6), all);

        Assert.IsTrue(seen.All(accuracy => accuracy <= 20 / 30.0 + 1e-9), "a third of the rows are of a class that was never trained");
        Assert.HasCount(3, SamImageTransformerTests.Scores(model, all)[0]);
    }

    [TestMethod]
    [DataRow(2, null)]
    [DataRow(3, null)]
    [DataRow(2, "Sentence2")]
    [DataRow(3, "Sentence2")]
    public void Eight_rows_with_an_overlong_text_fit_transform_evaluate_save_load_and_dispose(int classes, string? second)
    {
        var ml = new MLContext(seed: 1);
        var overlong = string.Join(' ', Enumerable.Range(0, 700).Select(i => $"word{i % 90}"));
        var rows = Sentences.RowsOf(i => new SentenceRow { Sentence1 = i == 2 ? overlong : Sentences.Text(i), Sentence2 = Sentences.Text(i + 3), Label = $"{i % classes}" })(ml, 8);
        var pipeline = TinyText.Pipeline(ml, options => (options.Sentence2ColumnName, options.MaxLength) = (second, 512));

        var model = pipeline.Fit(rows);
        var scored = model.Transform(rows);
        Assert.HasCount(classes, ml.MulticlassClassification.Evaluate(scored).ConfusionMatrix.PerClassRecall);
        var expected = scored.GetColumn<float[]>("Score").ToArray();
        var loaded = SavedModel.Load(new MLContext(), SavedModel.Of(ml, model, rows.Schema));
        (model as IDisposable)?.Dispose();

        var unlabelled = loaded.Transform(Sentences.RowsOf(i => new SentenceRow { Sentence1 = i == 2 ? overlong : Sentences.Text(i), Sentence2 = Sentences.Text(i + 3) })(ml, 8));
        var actual = unlabelled.GetColumn<float[]>("Score").ToArray();
        for (var i = 0; i < 8; i++)
            CollectionAssert.AreEqual(expected[i], actual[i]);
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void PredictionEngine_gives_what_Transform_gives()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyText.Trainer(ml).Fit(Sentences.KeyedRows(ml));
        var expected = SamImageTransformerTests.Scores(model, Sentences.Rows(ml));
        using var engine = ml.Model.CreatePredictionEngine<SentenceOnly, KeyAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });

        for (var i = 0; i < expected.Length; i++)
        {
            var answer = engine.Predict(new SentenceOnly { Sentence1 = Sentences.Text(i) });
            for (var k = 0; k < 3; k++)
                Assert.AreEqual(expected[i][k], answer.Score[k], 1e-5f, "batches of other sizes may be summed in another order");
        }
    }

    [TestMethod]
    public void Network_of_ones_own_trains_saves_and_loads()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = new[] { "sun", "soup", "song" }[i % 3], Label = $"{i % 3}" })(ml, 30));
        using var model = TinyText.Trainer(ml, options => (options.Network, options.Optimizer, options.Epoch) = (new FirstWord(), new AdamW(0.1), 10)).Fit(rows);

        var loaded = SavedModel.Load(new MLContext(), SavedModel.Of(ml, model));

        Assert.AreEqual(1, ml.MulticlassClassification.Evaluate(loaded.Transform(rows)).MicroAccuracy, "a word for each class");
        CollectionAssert.AreEqual(SamImageTransformerTests.Scores(model, rows)[2], SamImageTransformerTests.Scores(loaded, rows)[2]);
    }

    [TestMethod]
    public void Row_of_weight_two_counts_as_two_rows()
    {
        float[] Score((string Text, string Label, float Weight)[] rows)
        {
            var ml = new MLContext(seed: 1);
            var data = Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = rows[i].Text, rows[i].Label, rows[i].Weight })(ml, rows.Length));
            using var model = TinyText.Trainer(ml, options =>
            {
                options.ExampleWeightColumnName = "Weight";
                options.Network = new BagOfEmbeddings(Dropout: 0);
                options.Tokenizer = new LearnedVocabulary(MinCount: 1);
                options.Epoch = 5;
            }).Fit(data);
            return SamImageTransformerTests.Scores(model, data)[0];
        }

        var twice = Score([("ant", "a", 1), ("ant", "a", 1), ("bee", "b", 1)]);
        var weighted = Score([("ant", "a", 2), ("bee", "b", 1)]);
        var weightedMore = Score([("ant", "a", 6), ("bee", "b", 3)]);

        for (var i = 0; i < 2; i++)
            Assert.AreEqual(twice[i], weighted[i], 1e-5f, "float32, summed in another order");
        CollectionAssert.AreEqual(weighted, weightedMore, "only ratios matter");
    }

    [TestMethod]
    public void Weights_are_not_looked_at_in_validation()
    {
        var ml = new MLContext(seed: 1);
        var losses = new List<double?>();
        var unweighted = Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = Sentences.Text(i), Sentences.Row(i).Label })(ml, 12));
        using var model = TinyText.Trainer(ml, options =>
        {
            options.ExampleWeightColumnName = "Number";
            options.ClassWeights = new Dictionary<string, double> { ["food"] = 9 };
            options.MetricsCallback = metrics => losses.Add(metrics.ValidationLoss);
        }).Fit(Sentences.KeyedRows(ml), unweighted);

        Assert.AreEqual(ml.MulticlassClassification.Evaluate(model.Transform(unweighted)).LogLoss, losses[^1]!.Value, 1e-5, "float32");
    }

    [TestMethod]
    public void Rows_without_text_are_kept_skipped_or_refused_as_options_say()
    {
        string?[] texts = ["sun", "bread", " \t", "soup", null, "rain"];
        var ml = new MLContext(seed: 1);
        var log = new List<string>();
        ml.Log += (_, line) => log.Add(line.Message);
        var rows = Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = texts[i], Label = $"{i % 2}" })(ml, texts.Length));
        SamTextTransformer Fit(EmptyTextPolicy policy) => TinyText.Trainer(ml, options => options.EmptyTexts = policy).Fit(rows);

        using var keeps = Fit(EmptyTextPolicy.Keep);
        Assert.IsTrue(SamImageTransformerTests.Scores(keeps, rows).All(score => float.IsFinite(score[0])));
        Assert.DoesNotContain(line => line.Contains("Left out"), log);

        using var skips = Fit(EmptyTextPolicy.Skip);
        Assert.Contains(line => line.EndsWith("Left out 2 rows of the training data that cannot be used: row 2: it has no text; row 4: it has no text."), log);
        using var loaded = (SamTextTransformer)SavedModel.Load(ml, SavedModel.Of(ml, skips));
        CollectionAssert.AreEqual(new[] { false, false, true, false, true, false }, SamImageTransformerTests.Scores(loaded, rows).Select(score => float.IsNaN(score[1])).ToArray());
        CollectionAssert.AreEqual(new[] { false, false, true, false, true, false }, loaded.Transform(rows).GetColumn<uint>("PredictedLabel").Select(key => key == 0).ToArray());

        using var fails = TinyText.Trainer(ml, options => options.EmptyTexts = EmptyTextPolicy.Fail).Fit(Sentences.KeyedRows(ml));
        var errors = new ErrorText()
            .Add("Fit", () => Fit(EmptyTextPolicy.Fail))
            .Add("Fit on pairs", () => TinyText.Trainer(ml, options => (options.Sentence2ColumnName, options.EmptyTexts) = ("Sentence2", EmptyTextPolicy.Fail))
                .Fit(Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = "", Sentence2 = i == 0 ? "one is enough" : "", Label = $"{i}" })(ml, 2))))
            .Add("Transform", () => SamImageTransformerTests.Scores(fails, rows))
            .Add("an engine", () => ml.Model.CreatePredictionEngine<SentenceOnly, KeyAnswer>(fails, new PredictionEngineOptions { OwnsTransformer = false }).Predict(new SentenceOnly { Sentence1 = " " }))
            .Add("Fit where all are skipped", () => TinyText.Trainer(ml, options => options.EmptyTexts = EmptyTextPolicy.Skip)
                .Fit(Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = "", Label = $"{i}" })(ml, 2))));
        Golden.Matches("Classification/EmptyTexts.txt", errors.ToString());
    }

    [TestMethod]
    public void Vocabulary_is_learned_from_the_training_rows_alone()
    {
        var ml = new MLContext(seed: 1);
        var validation = Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = "unheard unheard", Label = Sentences.Row(i).Label })(ml, 12));
        using var model = TinyText.Trainer(ml).Fit(Sentences.KeyedRows(ml), validation);

        var vocabulary = System.Text.Encoding.UTF8.GetString(SavedModel.Entry(SavedModel.Of(ml, model), "Vocabulary.json"));

        Assert.Contains("\"piano\"", vocabulary);
        Assert.DoesNotContain("unheard", vocabulary);
    }

    [TestMethod]
    public void Layer_decay_slows_the_lower_layers()
    {
        var ml = new MLContext(seed: 1);
        var network = new BertEncoder { Layers = 2, HiddenSize = 8, Heads = 2, IntermediateSize = 16, MaxPositions = 256 };
        double LeastRate(double decay)
        {
            var rates = new List<double>();
            var optimizer = new RecordingSgd(0.1, rates.Add);
            using var model = TinyText.Trainer(ml, options => (options.Network, options.Optimizer) = (network with { LayerDecay = decay }, optimizer)).Fit(Sentences.KeyedRows(ml));
            return rates.Min();
        }

        Assert.AreEqual(0.1, LeastRate(1), 1e-12, "one rate for all");
        Assert.AreEqual(0.1 * 0.5 * 0.5, LeastRate(0.5), 1e-12, "the least rate is that of the embeddings, below two layers");
    }

    [TestMethod]
    public void Interrupted_run_goes_on_to_the_same_model()
    {
        var ml = new MLContext(seed: 1);
        var folder = Directory.CreateTempSubdirectory("TextCheckpoint").FullName;
        try
        {
            byte[] Weights(Action<SamTextTrainer.Options> change)
            {
                using var model = TinyText.Trainer(ml, options => { options.Epoch = 3; change(options); }).Fit(Sentences.KeyedRows(ml, 30));
                return SavedModel.Entry(SavedModel.Of(ml, model), "Weights.safetensors");
            }

            var unbroken = Weights(_ => { });
            using var source = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Weights(options =>
                (options.CheckpointFolder, options.CancellationToken, options.MetricsCallback) = (folder, source.Token, _ => source.Cancel())));

            CollectionAssert.AreEqual(unbroken, Weights(options => options.CheckpointFolder = folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Sharpness_of_a_text_model_can_be_measured()
    {
        var ml = new MLContext(seed: 1);
        var rows = Sentences.KeyedRows(ml);
        using var model = TinyText.Trainer(ml).Fit(rows);

        var metrics = ml.MulticlassClassification.EvaluateSharpness(model, rows, new SharpnessOptions { Eigenvalues = 0, TraceProbes = 0, AverageDraws = 0, AscentSteps = 1, M = null });

        Assert.AreEqual(ml.MulticlassClassification.Evaluate(model.Transform(rows)).LogLoss, metrics.Loss, 1e-5, "scores in float32");
    }

    [TestMethod]
    public void Fit_explains_what_it_cannot_do()
    {
        var ml = new MLContext(seed: 1);
        var rows = Sentences.KeyedRows(ml);
        var nowhere = Path.Combine(Path.GetTempPath(), "no-such-folder");
        var errors = new ErrorText()
            .Add("no rows", () => TinyText.Trainer(ml).Fit(ml.Data.LoadFromEnumerable<ThreeKeys>([])))
            .Add("no labels", () => TinyText.Trainer(ml).Fit(ml.Data.LoadFromEnumerable<ThreeKeys>([new() { Sentence1 = "a" }, new() { Sentence1 = "b" }])))
            .Add("one class", () => TinyText.Trainer(ml).Fit(ml.Data.TakeRows(rows, 1)))
            .Add("texts longer than the table of positions", () => TinyText.Trainer(ml, options => (options.Network, options.MaxLength) = (new BertEncoder { Layers = 1, HiddenSize = 8, Heads = 2, IntermediateSize = 8, MaxPositions = 32 }, 64)).Fit(rows))
            .Add("vocabulary of another size than the table of tokens", () => TinyText.Trainer(ml, options => options.Network = new BertEncoder { Layers = 1, HiddenSize = 8, Heads = 2, IntermediateSize = 8, Vocabulary = 7 }).Fit(rows));

        Golden.Matches("Classification/UnlearnableTexts.txt", errors.ToString());
        Assert.Throws<FileNotFoundException>(() => TinyText.Trainer(ml, options => options.Tokenizer = new WordPieceVocabulary(nowhere)).Fit(rows));
    }

    [TestMethod]
    public void Damaged_model_says_which_part_is_wrong()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyText.Trainer(ml).Fit(Sentences.KeyedRows(ml));
        var zip = SavedModel.Of(ml, model);
        var errors = new ErrorText()
            .Add("no vocabulary", () => SavedModel.Load(ml, SavedModel.With(zip, "Vocabulary.json", _ => null)))
            .Add("another vocabulary", () => SavedModel.Load(ml, SavedModel.With(zip, "Vocabulary.json", _ => "{\"Words\":[\"a\"],\"Buckets\":1,\"LowerCase\":true}"u8.ToArray())));

        Golden.Matches("Classification/DamagedTextModel.txt", errors.ToString());
    }

    [TestMethod]
    public void Model_of_more_words_than_its_weights_have_vectors_is_refused_before_there_is_memory_for_them()
    {
        const int Buckets = 2_000_000_000;
        var ml = new MLContext(seed: 1);
        using var model = TinyText.Trainer(ml).Fit(Sentences.KeyedRows(ml));
        var words = 0;
        var vocabulary = Changed(SavedModel.Of(ml, model), "Vocabulary.json", json =>
        {
            words = json["Words"]!.AsArray().Count;
            json["Buckets"] = Buckets;
        });
        var damaged = Changed(vocabulary, "Model.json", json => json["Model"]!["Shape"]!["Vocabulary"] = 3 + words + Buckets);

        var error = Assert.Throws<Exception>(() => SavedModel.Load(ml, damaged));

        Assert.StartsWith("Cannot load the model's Weights.safetensors: it has ", ErrorText.Cause(error).Message);

        static byte[] Changed(byte[] zip, string part, Action<JsonNode> change) => SavedModel.With(zip, part, bytes =>
        {
            var json = JsonNode.Parse(bytes)!;
            change(json);
            return System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
        });
    }

    sealed class ThreeKeys
    {
        public string? Sentence1 { get; set; }

        // In classes keys count from 0, and what is too large is missing.
        [KeyType(3)]
        public uint Label { get; set; } = uint.MaxValue;
    }

    /// <summary>SGD that tells with which learning rates it was made.</summary>
    sealed record RecordingSgd(double Rate, Action<double> Made) : BaseOptimizer
    {
        public override double LearningRate { get; init; } = Rate;

        public override optim.Optimizer Create(Parameter weights)
        {
            Made(LearningRate);
            return new Sgd(LearningRate).Create(weights);
        }
    }
}
