namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What <see cref="SharpnessExplanationsCatalog"/> gives, and what it says where it cannot.</summary>
[TestClass]
public class ExplainerTests
{
    // Scores are float32.
    const double Tolerance = 1e-5;

    [TestMethod]
    public void ExplainImages_gives_a_map_of_the_image_for_each_row()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Rows(ml, 20);
        var model = TinyTraining.Pipeline(ml).Fit(rows);
        var scored = ml.Data.CreateEnumerable<PictureAnswer>(model.Transform(rows), reuseRowObject: false).ToArray();

        var explanations = ml.MulticlassClassification.ExplainImages(model, rows);

        Assert.AreSequenceEqual(Enumerable.Range(0, 20).Select(i => (long)i), explanations.Select(explanation => explanation.Row));
        foreach (var explanation in explanations)
        {
            var answer = scored[explanation.Row];
            Assert.AreEqual(answer.Label, explanation.Class);
            Assert.AreEqual(answer.Score.Max(), explanation.Probability, Tolerance);
            Assert.AreEqual((8, 8, "layer3"), (explanation.HeatMap.Width, explanation.HeatMap.Height, explanation.Layer));
            Assert.IsTrue(explanation.HeatMap.Values.Cast<float>().All(value => value is >= 0 and <= 1));
        }
        Assert.IsTrue(explanations.Any(explanation => explanation.HeatMap.Values.Cast<float>().Max() == 1));
    }

    [TestMethod]
    public void ExplainImages_takes_the_rows_and_the_class_that_are_asked_for()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyTraining.Trainer(ml).Fit(Pictures.KeyedRows(ml));
        var rows = Pictures.RowsWithoutLabel(ml, 30);
        var before = SamImageTransformerTests.Scores(model, rows);

        var explanations = ml.MulticlassClassification.ExplainImages(model, rows, new ExplainImagesOptions { Rows = [17, 4], Class = "down", DoublePrecision = true, Layer = "layer2" });

        Assert.AreSequenceEqual(new long[] { 4, 17 }, explanations.Select(explanation => explanation.Row));
        Assert.IsTrue(explanations.All(explanation => explanation is { Class: "down", Layer: "layer2" }));
        Assert.AreEqual(before[17][1], explanations[1].Probability, Tolerance);
        CollectionAssert.AreEqual(before[17], SamImageTransformerTests.Scores(model, rows)[17], "The model is not touched.");
    }

    [TestMethod]
    public void ExplainImages_leaves_out_bad_images_that_the_model_skips()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyTraining.Trainer(ml, options => options.BadImages = BadImagePolicy.Skip).Fit(Pictures.KeyedRows(ml));
        var rows = Pictures.RowsOf(i => new PictureOnly { Image = i == 1 ? [1, 2, 3] : Pictures.Png(i) })(ml, 3);

        Assert.AreSequenceEqual(new long[] { 0, 2 }, ml.MulticlassClassification.ExplainImages(model, rows).Select(explanation => explanation.Row));
    }

    [TestMethod]
    public void ExplainTexts_says_which_words_count()
    {
        var ml = new MLContext(seed: 1);
        var rows = Sentences.Rows(ml, 60);
        var model = TinyText.Pipeline(ml, options => (options.Epoch, options.BatchSize) = (20, 12)).Fit(rows);

        var explanation = ml.MulticlassClassification.ExplainTexts(model, rows, new ExplainTextsOptions { Rows = [0], DoublePrecision = true, Steps = 200 }).Single();

        Assert.AreEqual("weather", explanation.Class);
        Assert.AreEqual("today the rain and rain , nothing else", string.Join(' ', explanation.Tokens.Select(token => token.Text)));
        Assert.AreEqual("rain", explanation.Tokens.MaxBy(token => token.Score)!.Text);
        Assert.AreEqual(0, explanation.Residual, 1e-3 * Math.Abs(explanation.Score - explanation.BaselineScore), "completeness, to the error of 200 steps");
    }

    [TestMethod]
    public void ExplainTexts_tells_two_texts_apart_and_where_words_stand()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyText.Trainer(ml, options => options.Sentence2ColumnName = "Sentence2").Fit(Sentences.KeyedRows(ml));
        var rows = ml.Data.LoadFromEnumerable([new SentenceOnly { Sentence1 = "Rain,  SUN", Sentence2 = "songs" }]);

        var tokens = ml.MulticlassClassification.ExplainTexts(model, rows).Single().Tokens;

        Assert.AreSequenceEqual(new[] { ("Rain", 0, 0), (",", 0, 4), ("SUN", 0, 7), ("songs", 1, 0) }, tokens.Select(token => (token.Text, token.Sentence, token.Start)));
    }

    [TestMethod]
    public void ExplainImages_leaves_no_tensor_of_a_row_over()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyTraining.Trainer(ml).Fit(Pictures.KeyedRows(ml));

        Assert.AreEqual(LeftOver(rows: 1), LeftOver(rows: 40));

        long LeftOver(int rows) => LeftOverOf(() => ml.MulticlassClassification.ExplainImages(model, Pictures.Rows(ml, rows)));
    }

    [TestMethod]
    public void ExplainTexts_leaves_no_tensor_of_a_row_over()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyText.Trainer(ml).Fit(Sentences.KeyedRows(ml));

        Assert.AreEqual(LeftOver(rows: 1), LeftOver(rows: 9));

        long LeftOver(int rows) => LeftOverOf(() => ml.MulticlassClassification.ExplainTexts(model, Sentences.Rows(ml, rows)));
    }

    [TestMethod]
    public void Facts_say_what_the_model_is()
    {
        var ml = new MLContext(seed: 1);
        using var images = TinyTraining.Trainer(ml).Fit(Pictures.KeyedRows(ml));
        using var texts = TinyText.Trainer(ml).Fit(Sentences.KeyedRows(ml));

        Assert.AreEqual(("CifarResNet { Depth = 8 }", "images of 8×8 pixels, grey", "Image"), (images.Facts.Network, images.Facts.Input, images.Facts.InputColumnNames.Single()));
        Assert.AreSequenceEqual(new[] { "weather", "food", "music" }, texts.Facts.Classes);
        Assert.Contains("\"BatchSize\": 6", texts.Facts.TrainingJson);
    }

    [TestMethod]
    public void Rows_beyond_the_data_are_named_with_the_number_of_rows_there_are()
    {
        var ml = new MLContext(seed: 1);
        var (pictures, sentences) = (Pictures.KeyedRows(ml), Sentences.KeyedRows(ml));
        using var images = TinyTraining.Trainer(ml).Fit(pictures);
        using var texts = TinyText.Trainer(ml).Fit(sentences);

        var ofImages = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.MulticlassClassification.ExplainImages(images, pictures, new ExplainImagesOptions { Rows = [500, 3] }));
        var ofTexts = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.MulticlassClassification.ExplainTexts(texts, sentences, new ExplainTextsOptions { Rows = [12] }));

        Assert.StartsWith("Rows has 500 (counting from 0), but the data have 12 rows.", ofImages.Message);
        Assert.StartsWith("Rows has 12 (counting from 0), but the data have 12 rows.", ofTexts.Message);
    }

    [TestMethod]
    public void Errors_name_what_cannot_be_explained()
    {
        var ml = new MLContext(seed: 1);
        var catalog = ml.MulticlassClassification;
        var (pictures, sentences) = (Pictures.KeyedRows(ml), Sentences.KeyedRows(ml));
        using var images = TinyTraining.Trainer(ml).Fit(pictures);
        using var patches = TinyTraining.Trainer(ml, options => options.Network = new ViTTiny(PatchSize: 4)).Fit(pictures);
        using var texts = TinyText.Trainer(ml).Fit(sentences);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Golden.Matches("Explanations/Errors.txt", new ErrorText()
            .Add("images of a transformer", () => catalog.ExplainImages(patches, pictures))
            .Add("images, no such layer", () => catalog.ExplainImages(images, pictures, new ExplainImagesOptions { Layer = "layer9" }))
            .Add("images, a layer without maps", () => catalog.ExplainImages(images, pictures, new ExplainImagesOptions { Layer = "fc" }))
            .Add("images, no such class", () => catalog.ExplainImages(images, pictures, new ExplainImagesOptions { Class = "sideways" }))
            .Add("images, a row before the first", () => catalog.ExplainImages(images, pictures, new ExplainImagesOptions { Rows = [3, -1] }))
            .Add("images of a text classifier", () => catalog.ExplainImages(texts, sentences))
            .Add("texts of an image classifier", () => catalog.ExplainTexts(images, pictures))
            .Add("texts without a column of them", () => catalog.ExplainTexts(texts, pictures))
            .Add("texts, no steps", () => catalog.ExplainTexts(texts, sentences, new ExplainTextsOptions { Steps = 0 }))
            .Add("texts, cancelled", () => catalog.ExplainTexts(texts, sentences, new ExplainTextsOptions { CancellationToken = cancelled.Token }))
            .Add("a model of others", () => catalog.ExplainTexts(ml.Transforms.CopyColumns("Copy", "Label").Fit(sentences), sentences))
            .ToString());
    }

    // Not 0: of each parameter of a new network, TorchSharp leaves a tensor to the garbage collector.
    static long LeftOverOf(Action explain)
    {
        var before = LiveTensors.Before();
        explain();
        return Tensor.TotalCount - before;
    }
}
