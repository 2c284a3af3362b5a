using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SamImageTransformerTests
{
    // Batches of other sizes may be summed in another order.
    const float Tolerance = 1e-5f;

    [TestMethod]
    public void PredictionEngine_gives_what_Transform_gives()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Rows(ml);
        var model = TinyTraining.Pipeline(ml).Fit(rows);
        var expected = ml.Data.CreateEnumerable<PictureAnswer>(model.Transform(rows), reuseRowObject: false).ToArray();
        using var engine = ml.Model.CreatePredictionEngine<PictureRow, PictureAnswer>(model);

        for (var i = 0; i < expected.Length; i++)
        {
            var answer = engine.Predict(Pictures.Row(i));
            Assert.AreEqual(expected[i].Label, answer.Label);
            AreNear(expected[i].Score, answer.Score);
        }
    }

    [TestMethod]
    public void PredictionEngine_needs_no_label_in_its_rows()
    {
        var ml = new MLContext(seed: 1);
        var trained = Train(ml);
        using var engine = ml.Model.CreatePredictionEngine<PictureOnly, KeyAnswer>(trained);

        Assert.HasCount(3, engine.Predict(new PictureOnly { Image = Pictures.Png(0) }).Score);
    }

    [TestMethod]
    public void PredictionEngines_of_one_transformer_agree_in_many_threads()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var expected = Scores(model, Pictures.Rows(ml));

        Parallel.For(0, 8, _ =>
        {
            var engine = ml.Model.CreatePredictionEngine<PictureOnly, KeyAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });
            for (var i = 0; i < expected.Length; i++)
                AreNear(expected[i], engine.Predict(new PictureOnly { Image = Pictures.Png(i) }).Score);
        });
    }

    [TestMethod]
    public void Transform_reads_alike_in_many_threads()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var scored = model.Transform(Pictures.Rows(ml, 40));
        var expected = scored.GetColumn<float[]>("Score").ToArray();

        Parallel.For(0, 8, _ => AreEqual(expected, [.. scored.GetColumn<float[]>("Score")]));
    }

    [TestMethod]
    public void Row_mapper_scores_a_row_once_for_both_columns_and_not_at_all_for_none()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml, options => options.Network = new CountingNetwork());
        using var engine = ml.Model.CreatePredictionEngine<PictureOnly, KeyAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        CountingNetwork.BatchSizes.Clear();

        engine.Predict(new PictureOnly { Image = Pictures.Png(0) });
        engine.Predict(new PictureOnly { Image = Pictures.Png(1) });
        CollectionAssert.AreEqual(new long[] { 1, 1 }, CountingNetwork.BatchSizes.ToArray());

        using var bystander = ml.Model.CreatePredictionEngine<PictureOnly, PictureOnly>(model, new PredictionEngineOptions { OwnsTransformer = false });
        bystander.Predict(new PictureOnly { Image = Pictures.Png(0) });
        Assert.HasCount(2, CountingNetwork.BatchSizes);
    }

    [TestMethod]
    public void Row_after_one_whose_decoding_failed_gets_its_own_scores()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var expected = Scores(model, Pictures.Rows(ml, 3));
        using var cursor = Pictures.Rows(ml, 3).GetRowCursor([]);
        var intake = new ImageIntake(ClassifierOf(model).Model, () => cursor.Position == 1 ? new FailingCell() : new EncodedImage(Pictures.Png((int)cursor.Position), TestRows.Decoding));
        var getter = (ValueGetter<VBuffer<float>>)new RowScores(ClassifierOf(model), cursor, intake).GetterOf("Score");
        VBuffer<float> score = default;

        while (cursor.MoveNext())
            if (cursor.Position == 1)
                Assert.ThrowsExactly<TimeoutException>(() => getter(ref score));
            else
            {
                getter(ref score);
                AreNear(expected[cursor.Position], [.. score.DenseValues()]);
            }
    }

    [TestMethod]
    public void Cursor_scores_no_more_rows_together_than_there_may_be()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml, options => options.Network = new CountingNetwork());
        var data = Pictures.Rows(ml, 10);
        var input = ClassifierOf(model).InputOf(data.Schema, ml);
        var source = input.Cursor(data, [], random: null);
        var rows = new BufferedRows(source, []);
        var scores = new BatchScores(ClassifierOf(model), rows, new ThreeAtATime(input.Open(source)));
        var getter = (ValueGetter<VBuffer<float>>)scores.GetterOf("Score");
        CountingNetwork.BatchSizes.Clear();

        VBuffer<float> score = default;
        using (var cursor = new BatchScoringCursor(data.Schema, source, rows, scores, []))
            while (cursor.MoveNext())
                getter(ref score);

        CollectionAssert.AreEqual(new long[] { 3, 3, 3, 1 }, CountingNetwork.BatchSizes.ToArray());
    }

    [TestMethod]
    [DataRow(8, 1_398_101)]
    [DataRow(4096, 5)]
    [DataRow(20_000, 1)]
    public void Images_scored_together_have_a_bounded_number_of_bytes(int size, int most)
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var large = ClassifierOf(model).Model with { Shape = new ImageShape(3, size, size) };

        Assert.AreEqual(most, new ImageIntake(large, () => new FailingCell()).Most);
    }

    [TestMethod]
    public void Transform_scores_in_batches_that_grow()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml, options => options.Network = new CountingNetwork());
        CountingNetwork.BatchSizes.Clear();

        _ = ml.Data.CreateEnumerable<KeyAnswer>(model.Transform(Pictures.Rows(ml, 100)), reuseRowObject: false).ToArray();

        CollectionAssert.AreEqual(new long[] { 4, 8, 16, 32, 40 }, CountingNetwork.BatchSizes.ToArray());
    }

    [TestMethod]
    public void Transform_scores_nothing_that_is_not_asked_for()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml, options => options.Network = new CountingNetwork());
        var scored = model.Transform(Pictures.Rows(ml, 100));
        CountingNetwork.BatchSizes.Clear();

        Assert.HasCount(100, scored.GetColumn<float>("Number").ToArray());
        using (var cursor = scored.GetRowCursor(scored.Schema))
            while (cursor.MoveNext()) { }
        Assert.HasCount(0, CountingNetwork.BatchSizes);

        Assert.HasCount(2, scored.GetColumn<float[]>("Score").Take(2).ToArray());
        CollectionAssert.AreEqual(new long[] { 4 }, CountingNetwork.BatchSizes.ToArray());
    }

    [TestMethod]
    public void Transform_keeps_rows_and_scores_together_for_any_columns()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        using var engine = ml.Model.CreatePredictionEngine<PictureOnly, KeyAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var scored = model.Transform(Pictures.Rows(ml, 30));

        foreach (var row in ml.Data.CreateEnumerable<NumberedAnswer>(scored, reuseRowObject: false))
            AreNear(engine.Predict(new PictureOnly { Image = Pictures.Png((int)row.Number) }).Score, row.Score);
        CollectionAssert.AreEqual(
            ml.Data.CreateEnumerable<KeyAnswer>(scored, reuseRowObject: false).Select(row => row.PredictedLabel).ToArray(),
            scored.GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    [DataRow("Score")]
    [DataRow("Number")]
    public void Cursor_sets_give_every_row_once(string column)
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var scored = model.Transform(Pictures.Rows(ml, 40));
        var cursors = scored.GetRowCursorSet([scored.Schema[column], scored.Schema["Number"]], n: 4);

        var numbers = new System.Collections.Concurrent.ConcurrentBag<float>();
        Parallel.ForEach(cursors, cursor =>
        {
            using var owned = cursor;
            var getter = cursor.GetGetter<float>(scored.Schema["Number"]);
            var number = 0f;
            while (cursor.MoveNext())
            {
                getter(ref number);
                numbers.Add(number);
            }
        });

        Assert.AreSequenceEqual(Enumerable.Range(0, 40).Select(i => (float)i), numbers.Order());
    }

    [TestMethod]
    public void Transform_keeps_rows_and_scores_together_when_shuffled_skipped_and_cached()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var scored = model.Transform(Pictures.Rows(ml, 30));
        var expected = scored.GetColumn<float[]>("Score").ToArray();

        Check(ml.Data.ShuffleRows(scored, seed: 7));
        Check(ml.Data.SkipRows(scored, 20));
        Check(ml.Data.Cache(scored));
        Check(model.Transform(ml.Data.ShuffleRows(Pictures.Rows(ml, 30), seed: 7)));

        void Check(IDataView view)
        {
            foreach (var row in ml.Data.CreateEnumerable<NumberedAnswer>(view, reuseRowObject: false))
                AreNear(expected[(int)row.Number], row.Score);
        }
    }

    [TestMethod]
    public void Transform_scores_a_row_that_is_asked_for_after_others_were_not()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var scored = model.Transform(Pictures.Rows(ml, 30));
        var expected = scored.GetColumn<float[]>("Score").ToArray();

        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        var getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        VBuffer<float> score = default;
        while (cursor.MoveNext())
            if (cursor.Position is 9 or 25)
            {
                getter(ref score);
                AreNear(expected[cursor.Position], [.. score.DenseValues()]);
            }
    }

    [TestMethod]
    public void Cursor_refuses_a_getter_of_another_type_and_a_column_that_is_not_active()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var scored = model.Transform(Pictures.Rows(ml));

        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);

        Assert.IsTrue(cursor.IsColumnActive(scored.Schema["Score"]));
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["PredictedLabel"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<uint>(scored.Schema["Score"]));
        Assert.Throws<Exception>(() => cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]));
    }

    [TestMethod]
    public void Undecodable_image_is_an_error_that_names_the_row_where_the_model_fails_on_such()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        using var engine = ml.Model.CreatePredictionEngine<PictureOnly, KeyAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });

        var errors = new ErrorText()
            .Add("0 bytes, in Transform", () => Scores(model, WithBad(ml, [])))
            .Add("truncated JPEG, in Transform", () => Scores(model, WithBad(ml, TestImages.Jpeg[..200])))
            .Add("truncated PNG, in an engine", () => engine.Predict(new PictureOnly { Image = Pictures.Png(0)[..40] }))
            .Add("too many pixels, in an engine", () => engine.Predict(new PictureOnly { Image = TestImages.LargePng(20_000, 20_000) }))
            .Add("text, in an engine", () => engine.Predict(new PictureOnly { Image = [.. "not an image"u8] }));

        Golden.Matches("Classification/UndecodableImages.txt", errors.ToString());
        Assert.HasCount(3, engine.Predict(new PictureOnly { Image = Pictures.Png(0) }).Score, "the next row is scored again");
    }

    [TestMethod]
    public void Images_of_more_pixels_than_MaxMegapixels_are_undecodable()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml, options => (options.BadImages, options.MaxMegapixels) = (BadImagePolicy.Skip, 1));
        using var loaded = (IDisposable)SavedModel.Load(ml, SavedModel.Of(ml, model));

        foreach (var scoring in new[] { model, (ITransformer)loaded })
        {
            var scores = Scores(scoring, WithBad(ml, TestImages.LargePng(2000, 501)));
            CollectionAssert.AreEqual(new[] { float.NaN, float.NaN, float.NaN }, scores[2]);
            Assert.IsTrue(scores.Where((_, i) => i != 2).All(row => row.All(float.IsFinite)));
            Assert.IsTrue(Scores(scoring, WithBad(ml, TestImages.LargePng(2000, 500)))[2].All(float.IsFinite));
        }
    }

    [TestMethod]
    public void Images_are_turned_upright_in_training_and_in_scoring_and_by_a_loaded_model()
    {
        var ml = new MLContext(seed: 1);
        using var expected = TinyTraining.Trainer(ml).Fit(Keyed(Upright));
        using var model = TinyTraining.Trainer(ml).Fit(Keyed(Turned));
        using var loaded = (IDisposable)SavedModel.Load(ml, SavedModel.Of(ml, model));
        using var engine = ml.Model.CreatePredictionEngine<PictureOnly, KeyAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var scores = Scores(expected, Keyed(Upright));

        AreEqual(scores, Scores(model, Keyed(Turned)));
        AreEqual(scores, Scores((ITransformer)loaded, Keyed(Turned)));
        AreNear(scores[1], engine.Predict(new PictureOnly { Image = Turned(1) }).Score);

        IDataView Keyed(Func<int, byte[]> image) => Pictures.Keyed(ml, Pictures.RowsOf(i => new PictureRow { Image = image(i), Label = $"{i % 3}" })(ml, 12));
    }

    [TestMethod]
    public void Images_are_taken_as_stored_without_ApplyExifOrientation_and_by_models_from_before_it()
    {
        var ml = new MLContext(seed: 1);
        using var off = Train(ml, options => options.ApplyExifOrientation = false);
        using var on = Train(ml);
        using var before = (IDisposable)SavedModel.Load(ml, SavedModel.With(SavedModel.Of(ml, on), "Model.json", WithoutOption));
        var stored = Scores(on, Images(i => Lossless(Sideways(i))));

        AreEqual(stored, Scores(off, Images(Turned)));
        AreEqual(stored, Scores((ITransformer)before, Images(Turned)));
        AreEqual(Scores(on, Images(Upright)), Scores(on, Images(Turned)));
        CollectionAssert.AreNotEqual(stored[0], Scores(on, Images(Turned))[0]);

        IDataView Images(Func<int, byte[]> image) => Pictures.RowsOf(i => new PictureOnly { Image = image(i) })(ml, 3);

        static byte[] WithoutOption(byte[] json)
        {
            var text = System.Text.Encoding.UTF8.GetString(json);
            Assert.Contains("\"ApplyExifOrientation\": true,", text);
            return System.Text.Encoding.UTF8.GetBytes(text.Replace("\"ApplyExifOrientation\": true,", ""));
        }
    }

    [TestMethod]
    public void Undecodable_image_spoils_no_row_that_is_read_before_it()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);

        Assert.HasCount(2, model.Transform(WithBad(ml, [])).GetColumn<float[]>("Score").Take(2).ToArray());
    }

    [TestMethod]
    public void Undecodable_image_gets_NaN_and_no_label_where_the_model_skips_such()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml, options => options.BadImages = BadImagePolicy.Skip);
        var rows = WithBad(ml, []);

        var byBatch = ml.Data.CreateEnumerable<KeyAnswer>(model.Transform(rows), reuseRowObject: false).ToArray();
        using var engine = ml.Model.CreatePredictionEngine<PictureOnly, KeyAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        engine.Predict(new PictureOnly { Image = Pictures.Png(1) });
        var byRow = engine.Predict(new PictureOnly { Image = [] });

        foreach (var answer in new[] { byBatch[2], byRow })
        {
            CollectionAssert.AreEqual(new[] { float.NaN, float.NaN, float.NaN }, answer.Score);
            Assert.AreEqual(0u, answer.PredictedLabel, "a missing key");
        }
        Assert.IsTrue(byBatch.Where((_, i) => i != 2).All(answer => answer.PredictedLabel > 0 && answer.Score.All(float.IsFinite)));
    }

    [TestMethod]
    public void TestTimeAugmentation_averages_the_probabilities_of_an_image_and_of_its_reflection()
    {
        var ml = new MLContext(seed: 1);
        using var plain = Train(ml, Trained);
        using var both = Train(ml, options => { Trained(options); options.TestTimeAugmentation = new(); });
        using var loaded = (IDisposable)SavedModel.Load(ml, SavedModel.Of(ml, both));
        using var engine = ml.Model.CreatePredictionEngine<PictureOnly, KeyAnswer>(both, new PredictionEngineOptions { OwnsTransformer = false });
        static void Trained(SamImageTrainer.Options options) => options.Epoch = 3;

        var (images, reflections) = (Scores(plain, Stairs(1)), Scores(plain, Stairs(-1)));

        for (var i = 0; i < images.Length; i++)
        {
            var expected = images[i].Zip(reflections[i], (one, other) => (one + other) / 2).ToArray();
            Assert.IsGreaterThan(0.001, images[i].Zip(reflections[i], (one, other) => Math.Abs(one - other)).Max(), "the two differ");
            AreNear(expected, Scores(both, Stairs(1))[i]);
            AreNear(expected, Scores((ITransformer)loaded, Stairs(1))[i]);
            AreNear(expected, engine.Predict(new PictureOnly { Image = Stair(i, 1) }).Score);
        }

        IDataView Stairs(int to) => Pictures.RowsOf(i => new PictureOnly { Image = Stair(i, to) })(ml, 5);

        static byte[] Stair(int i, int to) => TestImages.GreyPng(8, 8, (x, y) => (to > 0 ? x : 7 - x) * 20 + i * y * 2);
    }

    [TestMethod]
    public void TestTimeAugmentation_costs_a_pass_for_each_view_in_scoring_and_none_in_validation()
    {
        var ml = new MLContext(seed: 1);
        CountingNetwork.BatchSizes.Clear();
        using var model = Train(ml, options =>
        {
            options.Network = new CountingNetwork();
            options.Sharpness = new Plain();
            options.ValidationSetFraction = 0.5f;
            options.TestTimeAugmentation = new(Shift: 1);
        });
        CollectionAssert.AreEqual(new long[] { 6, 6 }, CountingNetwork.BatchSizes.ToArray(), "a step and a validation");
        CountingNetwork.BatchSizes.Clear();

        Scores(model, Pictures.Rows(ml, 3));

        CollectionAssert.AreEqual(Enumerable.Repeat(3L, 10).ToArray(), CountingNetwork.BatchSizes.ToArray());
    }

    [TestMethod]
    public void Transform_reads_images_of_every_kind()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var expected = Scores(model, Pictures.Rows(ml, 3));
        var decoded = Enumerable.Range(0, 3).Select(i => new DecodedPicture { Image = MLImage.CreateFromStream(new MemoryStream(Pictures.Png(i))) }).ToArray();

        AreEqual(expected, Scores(model, ml.Data.LoadFromEnumerable(decoded)));
    }

    [TestMethod]
    public void Images_beside_scores_are_copies_that_live_until_the_next_row()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var expected = Scores(model, Pictures.Rows(ml, 10));
        var scored = model.Transform(ml.Data.LoadFromEnumerable(DisposedWhenReadOn()));

        using var cursor = scored.GetRowCursor([scored.Schema["Image"], scored.Schema["Score"]]);
        var (image, score) = (cursor.GetGetter<MLImage>(scored.Schema["Image"]), cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]));
        VBuffer<float> scores = default;
        MLImage? shown = null;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            score(ref scores);
            AreNear(expected[i], [.. scores.DenseValues()]);
            var before = shown;
            image(ref shown!);
            Assert.AreEqual($"picture {i}", shown.Tag);
            using var original = Decoded(i);
            Assert.IsTrue(original.Pixels.SequenceEqual(shown.Pixels));
            if (before is not null)
                Assert.Throws<InvalidOperationException>(() => before.Width, "disposed of, as ML.NET's own getters do");
            MLImage? another = null;
            image(ref another!);
            Assert.AreNotSame(shown, another);
            another.Dispose();
        }
        shown!.Dispose();

        IEnumerable<DecodedPicture> DisposedWhenReadOn()
        {
            for (var i = 0; i < 10; i++)
            {
                using var decoded = Decoded(i);
                decoded.Tag = $"picture {i}";
                yield return new DecodedPicture { Image = decoded };
            }
        }

        static MLImage Decoded(int i) => MLImage.CreateFromStream(new MemoryStream(Pictures.Png(i)));
    }

    [TestMethod]
    public void Images_of_the_users_own_are_left_alone()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var own = Enumerable.Range(0, 10).Select(i => new DecodedPicture { Image = MLImage.CreateFromStream(new MemoryStream(Pictures.Png(i))) }).ToArray();

        foreach (var _ in ml.Data.CreateEnumerable<DecodedAnswer>(model.Transform(ml.Data.LoadFromEnumerable(own)), reuseRowObject: true)) { }

        Assert.IsTrue(own.All(row => row.Image!.Width == 8));
    }

    [TestMethod]
    public void Transform_refuses_columns_that_are_not_like_those_of_training()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        using var ofPixels = TinyTraining.Trainer(ml).Fit(Pictures.Keyed(ml, Pictures.RowsOf(i => new Pixels64 { Image = Floats(64, i), Label = i % 2 == 0 ? "a" : "b" })(ml, 8)));

        var errors = new ErrorText()
            .Add("no such column", () => model.Transform(Pictures.RowsOf(i => new { Label = "a" })(ml, 1)))
            .Add("text", () => model.Transform(Pictures.RowsOf(i => new { Image = "a.png" })(ml, 1)))
            .Add("pixels, after training on images", () => model.Transform(Pictures.RowsOf(i => new Pixels64())(ml, 1)))
            .Add("images, after training on pixels", () => ofPixels.Transform(Pictures.Rows(ml)))
            .Add("more pixels than in training", () => ofPixels.Transform(Pictures.RowsOf(i => new Pixels81())(ml, 1)));

        Golden.Matches("Classification/ColumnsAtScoring.txt", errors.ToString());
    }

    [TestMethod]
    public void Trained_and_loaded_models_have_filters_in_channels_last()
    {
        var ml = new MLContext(seed: 1);
        using var trained = Train(ml);
        var file = new MemoryStream();
        ml.Model.Save(trained, Pictures.KeyedRows(ml).Schema, file);

        file.Position = 0;
        using var loaded = (SamImageTransformer)ml.Model.Load(file, out _);

        foreach (IMeasurable model in new[] { trained, loaded })
            model.Classifier.Read(network => Assert.AreEqual(1, network.named_parameters().Single(own => own.name == "layer1.0.conv1.weight").parameter.stride(1)));
    }

    [TestMethod]
    public void Scores_of_a_second_model_get_a_set_of_their_own()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);

        var twice = model.Transform(model.Transform(Pictures.KeyedRows(ml)));

        var sets = twice.Schema.Where(column => column.Name == "Score").Select(column =>
        {
            uint id = 0;
            column.Annotations.GetValue("ScoreColumnSetId", ref id);
            return id;
        });
        CollectionAssert.AreEqual(new uint[] { 1, 2 }, sets.ToArray());
        AreEqual([.. model.Transform(Pictures.KeyedRows(ml)).GetColumn<float[]>("Score")], [.. twice.GetColumn<float[]>("Score")]);
    }

    internal static SamImageTransformer Train(MLContext ml, Action<SamImageTrainer.Options>? change = null) =>
        TinyTraining.Trainer(ml, change).Fit(Pictures.KeyedRows(ml));

    internal static float[][] Scores(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float[]>("Score")];

    static ImageClassifier ClassifierOf(IMeasurable model) => (ImageClassifier)model.Classifier;

    static IDataView WithBad(MLContext ml, byte[] bad) => Pictures.RowsOf(i => new PictureOnly { Image = i == 2 ? bad : Pictures.Png(i) })(ml, 6);

    static byte[] Upright(int i) => Lossless(Across(i));

    // Stored with its right side on top.
    static byte[] Turned(int i) => TestImages.WebPWithOrientation(Lossless(Sideways(i)), 8, 8, orientation: 6);

    static byte[] Lossless(Func<int, int, (int, int, int)> color) => TestImages.WebP(8, 8, color, lossless: true);

    static Func<int, int, (int, int, int)> Across(int i) => (x, y) => (y * 30, y * 30 + x, (i * 40 + x * 5) % 256);

    static Func<int, int, (int, int, int)> Sideways(int i) => (column, line) => Across(i)(7 - line, column);

    static float[] Floats(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => (float)((i + seed) % 5))];

    static void AreNear(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Tolerance);
    }

    static void AreEqual(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var row = 0; row < expected.Length; row++)
            CollectionAssert.AreEqual(expected[row], actual[row]);
    }

    sealed class NumberedAnswer
    {
        public float Number { get; set; }

        public float[] Score { get; set; } = [];
    }

    /// <summary>An image that memory does not suffice for, say.</summary>
    sealed class FailingCell : ImageCell
    {
        public override DecodedImage Decode() => throw new TimeoutException();
    }

    sealed class ThreeAtATime(IRowIntake intake) : IRowIntake
    {
        public int Most => 3;

        public void Add() => intake.Add();

        public IScorableRows Take() => intake.Take();

        public void Clear() => intake.Clear();
    }

    sealed class DecodedPicture
    {
        [Transforms.Image.ImageType(8, 8)]
        public MLImage? Image { get; set; }
    }

    sealed class DecodedAnswer
    {
        [Transforms.Image.ImageType(8, 8)]
        public MLImage? Image { get; set; }

        public float[] Score { get; set; } = [];
    }

    sealed class Pixels64
    {
        [VectorType(1, 8, 8)]
        public float[] Image { get; set; } = new float[64];

        public string? Label { get; set; }
    }

    sealed class Pixels81
    {
        [VectorType(1, 9, 9)]
        public float[] Image { get; set; } = new float[81];
    }
}
