using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SamImageTrainerTests
{
    [TestMethod]
    public void Options_that_are_wrong_are_all_named_in_one_error()
    {
        var errors = new ErrorText()
            .Add("one fault", () => TinyTraining.Trainer(new MLContext(), options => options.BatchSize = 0))
            .Add("every fault", () => TinyTraining.Trainer(new MLContext(), options =>
            {
                options.FeatureColumnName = null!;
                options.LabelColumnName = " ";
                options.ScoreColumnName = "A";
                options.PredictedLabelColumnName = "A";
                options.Sharpness = null!;
                options.Optimizer = null!;
                options.Schedule = null!;
                options.Network = null!;
                options.EmbeddingColumnName = "A";
                options.BatchSize = -5;
                options.Epoch = 0;
                options.FreezeBackboneEpochs = -1;
                options.ValidationSetFraction = 1.5f;
                options.LabelSmoothing = double.NaN;
                options.ClipNorm = 0;
                options.Threads = -1;
                options.BadImages = (BadImagePolicy)7;
                options.MaxMegapixels = 501;
                options.CacheMegabytes = -1;
                options.OnCancel = (CancelBehavior)7;
                options.CheckpointFolder = " ";
                options.CheckpointEveryEpochs = 0;
                options.CheckpointEvery = TimeSpan.Zero;
            }));

        Golden.Matches("Classification/Options.txt", errors.ToString());
    }

    [TestMethod]
    [DataRow("Score")]
    [DataRow("PredictedLabel")]
    public void Label_column_that_an_added_one_would_hide_is_refused(string name) => Assert.StartsWith(
        $"LabelColumnName must be another than ScoreColumnName and PredictedLabelColumnName, which would hide it, but was {name}.",
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TinyTraining.Trainer(new MLContext(), options => options.LabelColumnName = name)).Message);

    [TestMethod]
    public void Options_are_read_once_and_never_written()
    {
        var ml = new MLContext(seed: 1);
        var options = TinyTraining.Options();
        var before = Values(options);
        var trainer = ml.MulticlassClassification.Trainers.SamImage(options);

        using (trainer.Fit(Pictures.KeyedRows(ml))) { }
        CollectionAssert.AreEqual(before, Values(options));

        options.FeatureColumnName = "Nowhere";
        options.Epoch = 0;
        using (trainer.Fit(Pictures.KeyedRows(ml))) { }
    }

    [TestMethod]
    public void Fit_learns()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyTraining.Trainer(ml, options => options.Epoch = 8).Fit(Pictures.KeyedRows(ml, 60));

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(Pictures.KeyedRows(ml, 90)));

        Assert.AreEqual(1, metrics.MicroAccuracy, 0.1, "three patterns that differ clearly");
    }

    [TestMethod]
    public void Fit_works_in_a_pipeline_whose_predicted_labels_are_mapped_back_and_evaluated()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Rows(ml);

        var scored = TinyTraining.Pipeline(ml).Fit(rows).Transform(rows);

        CollectionAssert.IsSubsetOf(scored.GetColumn<string>("PredictedLabel").Distinct().ToArray(), new[] { "across", "down", "plain" });
        Assert.HasCount(3, ml.MulticlassClassification.Evaluate(scored).ConfusionMatrix.PerClassPrecision);
    }

    [TestMethod]
    public void Fit_leaves_out_rows_without_a_label_and_keeps_keys_that_no_row_has()
    {
        var ml = new MLContext(seed: 1);
        var log = Log(ml);
        var labels = new[] { 2u, 0u, FiveKeys.Missing, 2u, FiveKeys.Missing, 0u };

        var rows = ml.Data.LoadFromEnumerable(labels.Select((label, i) => new FiveKeys { Image = Pictures.Png(i), Label = label }));

        using var model = TinyTraining.Trainer(ml).Fit(rows);

        Assert.HasCount(5, SamImageTransformerTests.Scores(model, Pictures.Rows(ml, 1))[0]);
        Assert.AreEqual(
            SchemaText.Of(TinyTraining.Trainer(ml).GetOutputSchema(SchemaText.Shape(rows.Schema))),
            SchemaText.Of(SchemaText.Shape(model.Transform(rows).Schema)), "keys that stand for nothing");
        Assert.AreEqual("Vector<Single, 5>", model.Transform(Pictures.Rows(ml)).Schema["Score"].Type.ToString());
        Assert.Contains("Left out 2 rows of the training data: they have no label.", log);
    }

    [TestMethod]
    public void Float_labels_come_back_as_floats()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.RowsOf(i => new { Image = Pictures.Png(i), Label = i % 3 * 0.5f })(ml, 12);

        var model = TinyTraining.Pipeline(ml).Fit(rows);
        var loaded = SavedModel.Load(new MLContext(), SavedModel.Of(ml, model, rows.Schema));

        CollectionAssert.IsSubsetOf(loaded.Transform(rows).GetColumn<float>("PredictedLabel").Distinct().ToArray(), new[] { 0f, 0.5f, 1f });
        Golden.Matches("Classification/FloatLabels.schema.txt", SchemaText.Of(loaded.Transform(rows).Schema));
    }

    [TestMethod]
    public void Fit_reads_decoded_images_and_vectors_of_pixels()
    {
        var ml = new MLContext(seed: 1);
        var decoded = Pictures.Keyed(ml, Pictures.RowsOf(i => new DecodedPicture { Image = MLImage.CreateFromStream(new MemoryStream(Pictures.Png(i))), Label = $"{i % 3}" })(ml, 12));
        var pixels = Pictures.Keyed(ml, Pictures.RowsOf(i => new PixelPicture { Image = [.. Enumerable.Range(0, 64).Select(x => (float)(x % (i % 3 + 1)))], Label = $"{i % 3}" })(ml, 12));

        foreach (var rows in new[] { decoded, pixels })
        {
            using var model = TinyTraining.Trainer(ml).Fit(rows);
            using var loaded = (IDisposable)SavedModel.Load(ml, SavedModel.Of(ml, model));
            CollectionAssert.AreEqual(SamImageTransformerTests.Scores(model, rows)[5], SamImageTransformerTests.Scores((ITransformer)loaded, rows)[5]);
        }
    }

    [TestMethod]
    public void Fit_explains_data_that_it_cannot_learn_from()
    {
        var ml = new MLContext(seed: 1);
        void Fit(IDataView rows, Action<SamImageTrainer.Options>? change = null) => TinyTraining.Trainer(ml, change).Fit(rows);
        IDataView Keyed(params (byte[] Image, uint Label)[] rows) => ml.Data.LoadFromEnumerable(rows.Select(row => new FiveKeys { Image = row.Image, Label = row.Label }));
        var good = Pictures.Png(0);

        var errors = new ErrorText()
            .Add("no rows", () => Fit(Keyed()))
            .Add("no labels", () => Fit(Keyed((good, FiveKeys.Missing), (good, FiveKeys.Missing))))
            .Add("a folder with no images", () => Fit(Pictures.KeyedRows(ml, 0)))
            .Add("one class", () => Fit(Keyed((good, 2), (good, 2))))
            .Add("one class with a name", () => Fit(Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = good, Label = "cat" })(ml, 3))))
            .Add("keys without end", () => Fit(Pictures.RowsOf(i => new EndlessKeys { Image = good, Label = (uint)i })(ml, 2)))
            .Add("image of 0 bytes", () => Fit(Keyed((good, 1), ([], 2))))
            .Add("truncated JPEG", () => Fit(Keyed((good, 1), (good, FiveKeys.Missing), (TestImages.Jpeg[..200], 2))))
            .Add("image of very many pixels", () => Fit(Keyed((good, 1), (TestImages.LargePng(2000, 1000), 2)), options => options.MaxMegapixels = 1))
            .Add("a file that is no image", () => Fit(Keyed((good, 1), ([.. "<html>not found</html>"u8], 2))))
            .Add("only bad images, skipped", () => Fit(Keyed(([], 1), ([], 2)), options => options.BadImages = BadImagePolicy.Skip))
            .Add("1×1 image, network that needs more", () => Fit(Keyed((Pictures.Png(0, size: 1), 1), (good, 2))));

        Golden.Matches("Classification/UnlearnableData.txt", errors.ToString());
    }

    [TestMethod]
    public void Fit_skips_bad_images_where_it_shall_and_says_which()
    {
        var ml = new MLContext(seed: 1);
        var log = Log(ml);
        var rows = Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = i is 3 or 7 ? [] : Pictures.Png(i), Label = $"{i % 3}" })(ml, 12));

        using var model = TinyTraining.Trainer(ml, options => options.BadImages = BadImagePolicy.Skip).Fit(rows);

        Assert.Contains("Left out 2 rows of the training data that cannot be used: row 3: it has 0 bytes; row 7: it has 0 bytes.", log);
    }

    [TestMethod]
    public void Fit_warns_of_classes_that_are_set_aside_whole()
    {
        var ml = new MLContext(seed: 1);
        var log = Log(ml);

        // Of twelve rows eleven are set aside, and only one class keeps a row.
        using var model = TinyTraining.Trainer(ml, options => options.ValidationSetFraction = 0.9f).Fit(Pictures.KeyedRows(ml));

        Assert.Contains("All rows of 'across', 'plain' were drawn to validate on, so that nothing is learned of them. Give more rows, or a ValidationSet, or set ValidationSetFraction to null.", log);
    }

    [TestMethod]
    public void Fit_learns_a_class_of_one_image()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Keyed(ml, Pictures.RowsOf(i => new PictureRow { Image = Pictures.Png(3 * i), Label = i == 5 ? "rare" : "often" })(ml, 8));

        using var model = TinyTraining.Trainer(ml, options => options.Epoch = 2).Fit(rows);

        Assert.IsTrue(SamImageTransformerTests.Scores(model, rows).All(scores => scores.Length == 2 && scores.All(float.IsFinite)));
    }

    [TestMethod]
    public void Fit_takes_images_of_mixed_sizes_as_the_first()
    {
        var ml = new MLContext(seed: 1);
        var log = Log(ml);
        var rows = Pictures.Keyed(ml, Pictures.RowsOf(i => new PictureRow { Image = Pictures.Png(i, size: 8 + i % 5 * 3), Label = $"{i % 3}" })(ml, 12));

        using var model = TinyTraining.Trainer(ml).Fit(rows);

        Assert.AreEqual("12 images to train on and 0 to validate on, as ImageShape { Channels = 1, Height = 8, Width = 8 }.", log[0]);
        Assert.IsTrue(SamImageTransformerTests.Scores(model, rows).All(scores => scores.All(float.IsFinite)));
    }

    [TestMethod]
    public void Fit_refuses_to_change_the_colors_of_pixels_before_it_reads_any()
    {
        var ml = new MLContext(seed: 1);
        var pixels = Pictures.Keyed(ml, Pictures.RowsOf(i => new PixelPicture { Image = [.. Enumerable.Repeat(float.NaN, 64)], Label = $"{i % 3}" })(ml, 12));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TinyTraining.Trainer(ml, options => options.Augmentation = new Augmentation { RandAugment = new() }).Fit(pixels));

        Assert.StartsWith("RandAugment needs images whose black and white are known, but column 'Image' holds vectors of Single.", error.Message);
    }

    [TestMethod]
    public void Validation_set_may_come_in_options_or_in_Fit_or_as_a_fraction()
    {
        var ml = new MLContext(seed: 1);
        var (train, validation) = (Pictures.KeyedRows(ml, 12), Pictures.KeyedRows(ml, 9));
        var log = Log(ml);

        using (TinyTraining.Trainer(ml, options => options.ValidationSet = validation).Fit(train)) { }
        using (TinyTraining.Trainer(ml).Fit(train, validation)) { }
        using (TinyTraining.Trainer(ml, options => options.ValidationSetFraction = 0.25f).Fit(train)) { }
        using (TinyTraining.Trainer(ml).Fit(train)) { }

        var counts = log.Where(line => line.Contains("to validate on")).Select(line => line[..line.IndexOf(',')]);
        CollectionAssert.AreEqual(
            new[] { "12 images to train on and 9 to validate on", "12 images to train on and 9 to validate on", "9 images to train on and 3 to validate on", "12 images to train on and 0 to validate on" },
            counts.ToArray());
    }

    [TestMethod]
    public void Validation_set_with_other_keys_is_refused()
    {
        var ml = new MLContext(seed: 1);
        IDataView Labelled(params string[] labels) => Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = Pictures.Png(i), Label = labels[i] })(ml, labels.Length));
        var train = Labelled("cat", "dog", "ant");

        var errors = new ErrorText()
            .Add("fewer", () => TinyTraining.Trainer(ml).Fit(train, Labelled("cat", "dog")))
            .Add("more", () => TinyTraining.Trainer(ml).Fit(train, Labelled("cat", "dog", "ant", "bee")))
            .Add("others", () => TinyTraining.Trainer(ml).Fit(train, Labelled("cat", "bee", "fly")))
            .Add("in another order", () => TinyTraining.Trainer(ml).Fit(train, Labelled("cat", "ant", "dog")))
            .Add("many others", () => TinyTraining.Trainer(ml).Fit(train, Labelled([.. Enumerable.Range(0, 30).Select(i => $"class {i}")])))
            .Add("no label column", () => TinyTraining.Trainer(ml).Fit(train, Pictures.RowsWithoutLabel(ml)));

        Golden.Matches("Classification/ValidationKeys.txt", errors.ToString());
    }

    [TestMethod]
    public void Validation_set_of_another_kind_of_images_is_refused()
    {
        var ml = new MLContext(seed: 1);
        var images = Pictures.Keyed(ml, Pictures.RowsOf(i => new PictureRow { Image = Pictures.Png(i), Label = $"{i % 3}" })(ml, 12));
        var pixels = Pictures.Keyed(ml, Pictures.RowsOf(i => new PixelPicture { Image = new float[64], Label = $"{i % 3}" })(ml, 12));

        var ofPixels = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TinyTraining.Trainer(ml).Fit(images, pixels));
        var ofImages = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TinyTraining.Trainer(ml).Fit(pixels, images));

        Assert.StartsWith("Schema mismatch for feature column 'Image': expected images, which the model is trained on, got Vector<Single, 64>", ofPixels.Message);
        Assert.StartsWith("Schema mismatch for feature column 'Image': expected the pixels that the model is trained on, Vector<Single, 64>, got Vector<Byte>", ofImages.Message);
    }

    [TestMethod]
    public void Log_tells_the_run_line_by_line()
    {
        var ml = new MLContext(seed: 1);
        var log = Log(ml);

        using (TinyTraining.Trainer(ml, options => options.Epoch = 2).Fit(Pictures.KeyedRows(ml))) { }

        Assert.AreEqual("12 images to train on and 0 to validate on, as ImageShape { Channels = 1, Height = 8, Width = 8 }.", log[0]);
        Assert.AreEqual("Chosen for CifarResNet { Depth = 8 } and 12 rows: Optimizer = Sgd { LearningRate = 0.006, Nesterov = False, Momentum = 0.9, WeightDecay = 0.0005 }, Schedule = CosineSchedule { EndFactor = 0 }.", log[1]);
        Assert.StartsWith("Training CifarResNet { Depth = 8 } with Sam { Rho = ", log[2]);
        Assert.StartsWith("Epoch 1/2: loss ", log[3]);
        Assert.StartsWith("Epoch 2/2: loss ", log[4]);
        Assert.AreEqual("Done. The model is that of epoch 2.", log[5]);
    }

    [TestMethod]
    public void MetricsCallback_sees_every_epoch_and_may_stop_the_run()
    {
        var ml = new MLContext(seed: 1);
        var epochs = new List<int>();

        using var model = TinyTraining.Trainer(ml, options =>
        {
            options.Epoch = 9;
            options.MetricsCallback = metrics =>
            {
                epochs.Add(metrics.Epoch);
                if (metrics.Epoch == 2)
                    metrics.Stop();
            };
        }).Fit(Pictures.KeyedRows(ml));

        CollectionAssert.AreEqual(new[] { 1, 2 }, epochs);
        Assert.AreEqual(2, (int)Training(ml, model)["Epochs"]!);
    }

    [TestMethod]
    public void CancellationToken_ends_the_run_before_and_within_it()
    {
        var ml = new MLContext(seed: 1);
        using var source = new CancellationTokenSource();
        var trainer = TinyTraining.Trainer(ml, options =>
        {
            options.Epoch = 1000;
            options.CancellationToken = source.Token;
            options.MetricsCallback = _ => source.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() => trainer.Fit(Pictures.KeyedRows(ml)));
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(Pictures.KeyedRows(ml)));
    }

    [TestMethod]
    public void CancelExecution_of_the_context_ends_the_run()
    {
        var ml = new MLContext(seed: 1);
        // Internal in ML.NET; public through the package Microsoft.ML.Experimental.
        var cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;
        var trainer = TinyTraining.Trainer(ml, options =>
        {
            options.Epoch = 1000;
            options.MetricsCallback = _ => cancel.Invoke(ml, null);
        });

        Assert.Throws<OperationCanceledException>(() => trainer.Fit(Pictures.KeyedRows(ml)));
    }

    [TestMethod]
    public void Network_of_the_users_own_trains_and_loads()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyTraining.Trainer(ml, options => options.Network = new CountingNetwork()).Fit(Pictures.KeyedRows(ml));

        using var loaded = (IDisposable)SavedModel.Load(ml, SavedModel.Of(ml, model));

        CollectionAssert.AreEqual(SamImageTransformerTests.Scores(model, Pictures.Rows(ml))[0], SamImageTransformerTests.Scores((ITransformer)loaded, Pictures.Rows(ml))[0]);
    }

    [TestMethod]
    public void Rule_that_JSON_cannot_say_trains_and_saves_all_the_same()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyTraining.Trainer(ml, options => options.Sharpness = new RuleWithADelegate(w => w)).Fit(Pictures.KeyedRows(ml));

        StringAssert.StartsWith((string)Training(ml, model)["Sharpness"]!, "RuleWithADelegate");
    }

    [TestMethod]
    public void Failed_and_finished_runs_leave_no_tensor()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        var trainer = TinyTraining.Trainer(ml);
        var failing = TinyTraining.Trainer(ml, options => options.MetricsCallback = _ => throw new TimeoutException());
        var ruleThatFails = TinyTraining.Trainer(ml, options => options.Sharpness = new RuleWithADelegate(_ => throw new TimeoutException()));
        using var model = trainer.Fit(rows);
        var zip = SavedModel.Of(ml, model);
        // Found out when there is a network already.
        var damaged = SavedModel.With(zip, "Weights.safetensors", weights => System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(weights).Replace("\"fc.bias\"", "\"fc.what\"")));

        // Some versions of TorchSharp count each Parameter twice: what making a network and one flat vector adds is theirs.
        var network = Growth(() => new CifarResNet(8).Build(new ImageShape(1, 8, 8), classes: 3).Dispose());
        var parameter = Growth(() => new Parameter(zeros(1)).Dispose());

        Assert.AreEqual(network + parameter, Growth(() => trainer.Fit(rows).Dispose()), "Fit");
        Assert.AreEqual(network + parameter, Growth(() => Assert.ThrowsExactly<TimeoutException>(() => failing.Fit(rows))), "Fit that fails after an epoch");
        Assert.AreEqual(network + parameter, Growth(() => Assert.ThrowsExactly<TimeoutException>(() => ruleThatFails.Fit(rows))), "Fit that fails within a step");
        Assert.AreEqual(0, Growth(() => SamImageTransformerTests.Scores(model, rows)), "Transform");
        Assert.AreEqual(0, Growth(() => SavedModel.Of(ml, model)), "Save");
        Assert.AreEqual(network, Growth(() => ((IDisposable)SavedModel.Load(ml, zip)).Dispose()), "Load");
        Assert.AreEqual(network, Growth(() => Assert.Throws<Exception>(() => SavedModel.Load(ml, damaged))), "Load that fails");
    }

    internal static List<string> Log(MLContext ml)
    {
        var lines = new List<string>();
        ml.Log += (_, message) =>
        {
            if (message.Source == "SamImageTrainer; Training" && message.Kind is Runtime.ChannelMessageKind.Info or Runtime.ChannelMessageKind.Warning)
                lines.Add(message.RawMessage);
        };
        return lines;
    }

    static long Growth(Action act)
    {
        act();
        // What earlier tests left to the finalizers must not be collected in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        act();
        return Tensor.TotalCount - before;
    }

    static object?[] Values(SamImageTrainer.Options options) => [.. options.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => field.GetValue(options))];

    static JsonNode Training(MLContext ml, ITransformer model) => JsonNode.Parse(SavedModel.Entry(SavedModel.Of(ml, model), "Model.json"))!["Model"]!["Training"]!;

    sealed record RuleWithADelegate(Func<Tensor, Tensor> Point) : SharpnessRule
    {
        public override Tensor Direction(SamStep step) => step.GradientAt(Point(step.Weights));
    }

    sealed class FiveKeys
    {
        // In classes keys count from 0, and what is too large is missing.
        public const uint Missing = uint.MaxValue;

        public byte[] Image { get; set; } = [];

        [KeyType(5)]
        public uint Label { get; set; }
    }

    sealed class EndlessKeys
    {
        public byte[] Image { get; set; } = [];

        [KeyType(uint.MaxValue)]
        public uint Label { get; set; }
    }

    sealed class DecodedPicture
    {
        [Transforms.Image.ImageType(8, 8)]
        public MLImage? Image { get; set; }

        public string? Label { get; set; }
    }

    sealed class PixelPicture
    {
        [VectorType(64)]
        public float[] Image { get; set; } = [];

        public string? Label { get; set; }
    }
}
