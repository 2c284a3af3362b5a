using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SharpnessMeasuresCatalogTests
{
    // Few of everything, so that it takes a moment.
    static SharpnessOptions Quick(Action<SharpnessOptions>? change = null)
    {
        var options = new SharpnessOptions { M = 4, AscentSteps = 3, AverageDraws = 2, Eigenvalues = 1, LanczosSteps = 3, TraceProbes = 2, BatchSize = 5 };
        change?.Invoke(options);
        return options;
    }

    [TestMethod]
    public void EvaluateSharpness_of_a_transformer_and_of_its_pipeline_are_the_same()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Rows(ml);
        var pipeline = TinyTraining.Pipeline(ml).Fit(rows);
        var transformer = ((IEnumerable<ITransformer>)pipeline).OfType<SamImageTransformer>().Single();

        var ofPipeline = ml.MulticlassClassification.EvaluateSharpness(pipeline, rows, Quick());
        var ofTransformer = ml.MulticlassClassification.EvaluateSharpness(transformer, Pictures.KeyedRows(ml), Quick());

        AssertSame(ofPipeline, ofTransformer);
    }

    [TestMethod]
    public void EvaluateSharpness_finds_the_model_in_a_chain_of_chains_and_in_a_loaded_one()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Rows(ml);
        var pipeline = TinyTraining.Pipeline(ml).Fit(rows);
        var expected = ml.MulticlassClassification.EvaluateSharpness(pipeline, rows, Quick());

        AssertSame(expected, ml.MulticlassClassification.EvaluateSharpness(new TransformerChain<ITransformer>(pipeline), rows, Quick()));
        AssertSame(expected, ml.MulticlassClassification.EvaluateSharpness(SavedModel.Load(ml, SavedModel.Of(ml, pipeline, rows.Schema)), rows, Quick()));
    }

    [TestMethod]
    public void EvaluateSharpness_measures_the_loss_that_the_predictions_have()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        using var model = TinyTraining.Trainer(ml).Fit(rows);
        var metrics = ml.MulticlassClassification.EvaluateSharpness(model, rows, Quick());

        Assert.AreEqual(12, metrics.Rows);
        Assert.IsFalse(metrics.HessianByDifferences, "a residual network can be differentiated twice");
        Assert.AreEqual(ml.MulticlassClassification.Evaluate(model.Transform(rows)).LogLoss, metrics.Loss, 1e-5, "float32, and the other way through the logarithm");
    }

    [TestMethod]
    public void EvaluateSharpness_leaves_the_model_as_it_is()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        using var model = TinyTraining.Trainer(ml).Fit(rows);
        var (scores, saved) = (Scores(model, rows), SavedModel.Of(ml, model));

        ml.MulticlassClassification.EvaluateSharpness(model, rows, Quick());
        ml.MulticlassClassification.LossLandscape(model, rows, new LossLandscapeOptions { Points = 3 });

        CollectionAssert.AreEqual(scores, Scores(model, rows));
        CollectionAssert.AreEqual(SavedModel.Entry(saved, "Weights.safetensors"), SavedModel.Entry(SavedModel.Of(ml, model), "Weights.safetensors"));
    }

    [TestMethod]
    public void EvaluateSharpness_while_others_score_disturbs_nobody()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        using var model = TinyTraining.Trainer(ml).Fit(rows);
        var scores = Scores(model, rows);

        Parallel.For(0, 4, i =>
        {
            if (i == 0)
                ml.MulticlassClassification.EvaluateSharpness(model, rows, Quick());
            else
                CollectionAssert.AreEqual(scores, Scores(model, rows));
        });
    }

    [TestMethod]
    public void EvaluateSharpness_in_float64_agrees_with_float32()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        using var model = TinyTraining.Trainer(ml).Fit(rows);
        var single = ml.MulticlassClassification.EvaluateSharpness(model, rows, Quick());
        var twice = ml.MulticlassClassification.EvaluateSharpness(model, rows, Quick(o => o.DoublePrecision = true));

        // What float32 leaves of a loss of about 1, and of derivatives relative to their size.
        Assert.AreEqual(twice.Loss, single.Loss, 1e-6);
        Assert.AreEqual(twice.Sharpness.OneStep, single.Sharpness.OneStep, 1e-5);
        Assert.AreEqual(twice.GradientNorm, single.GradientNorm, 1e-4 * twice.GradientNorm);
        Assert.AreEqual(twice.Trace!.Value.Value, single.Trace!.Value.Value, 1e-3 * Math.Abs(twice.Trace.Value.Value));
        Assert.AreNotEqual(twice.Loss, single.Loss);
    }

    [TestMethod]
    public void EvaluateSharpness_draws_its_rows_by_the_seed()
    {
        var ml = new MLContext();
        var rows = Pictures.KeyedRows(ml);
        using var model = TinyTraining.Trainer(ml).Fit(rows);
        SharpnessMetrics Measure(int? seed) => ml.MulticlassClassification.EvaluateSharpness(model, rows, Quick(o => (o.Rows, o.Seed) = (5, seed)));

        Assert.AreEqual(5, Measure(1).Rows);
        AssertSame(Measure(1), Measure(1));
        AssertSame(Measure(1), Measure(null));
        Assert.AreNotEqual(Measure(1).Loss, Measure(2).Loss);
    }

    [TestMethod]
    public void EvaluateSharpness_in_batches_of_any_size_is_the_same()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        using var model = TinyTraining.Trainer(ml).Fit(rows);
        SharpnessMetrics Measure(int batch) => ml.MulticlassClassification.EvaluateSharpness(model, rows, Quick(o => (o.BatchSize, o.DoublePrecision) = (batch, true)));
        var (one, all) = (Measure(1), Measure(12));

        // To rounding in float64.
        Assert.AreEqual(all.Loss, one.Loss, 1e-13);
        Assert.AreEqual(all.Sharpness.WorstCaseOfGroups!.Value, one.Sharpness.WorstCaseOfGroups!.Value, 1e-11);
        Assert.AreEqual(all.Eigenvalues[0].Value, one.Eigenvalues[0].Value, 1e-9 * Math.Abs(all.Eigenvalues[0].Value));
    }

    [TestMethod]
    public void EvaluateSharpness_of_normalized_logits_does_not_see_their_scale()
    {
        using var scope = NewDisposeScope();
        using var examples = new FakeExamples(6);
        using var network = nn.Linear(2, 2, hasBias: false);
        NetworkLosses Losses(bool normalize) => new(network, examples, CPU) { BatchSize = 6, Precision = ScalarType.Float32, NormalizeLogits = normalize };
        double Loss(bool normalize)
        {
            var sum = 0.0;
            Losses(normalize).Each([0, 1, 2, 3, 4, 5], losses => sum += losses.sum().item<float>());
            return sum;
        }
        var (normalized, plain) = (Loss(true), Loss(false));
        using (no_grad())
            network.weight!.mul_(10);
        Assert.AreEqual(normalized, Loss(true), 1e-6, "float32");
        Assert.AreNotEqual(plain, Loss(false), 1e-2);
    }

    [TestMethod]
    public void EvaluateSharpness_tells_of_its_progress()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        using var model = TinyTraining.Trainer(ml).Fit(rows);
        var reports = new Reports();

        ml.MulticlassClassification.EvaluateSharpness(model, rows, Quick(o => o.Progress = reports));

        Golden.Matches("Measures/Progress.txt", string.Join('\n', reports));
    }

    [TestMethod]
    public void EvaluateSharpness_can_be_cancelled_anywhere()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        using var model = TinyTraining.Trainer(ml).Fit(rows);
        foreach (var measure in new[] { "worst case", "adaptive average case", "m-sharpness", "trace" })
        {
            using var source = new CancellationTokenSource();
            var canceller = new Reports(report =>
            {
                if (report.Measure == measure)
                    source.Cancel();
            });
            Assert.Throws<OperationCanceledException>(() =>
                ml.MulticlassClassification.EvaluateSharpness(model, rows, Quick(o => (o.Progress, o.CancellationToken) = (canceller, source.Token))), measure);
            Assert.AreEqual(measure, canceller.Last().Measure);
        }
    }

    [TestMethod]
    public void Options_are_checked_all_at_once()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        using var model = TinyTraining.Trainer(ml).Fit(rows);
        var sharpness = new SharpnessOptions
        {
            Rows = 0,
            BatchSize = 0,
            Rho = double.NaN,
            AdaptiveRho = -1,
            P = 3,
            M = 0,
            AscentSteps = 0,
            AverageDraws = 1,
            AverageDeviation = -1,
            AdaptiveAverageDeviation = double.NaN,
            Eigenvalues = -1,
            LanczosSteps = 0,
            EigenvalueTolerance = -1,
            TraceProbes = 1,
            TraceTolerance = double.PositiveInfinity,
        };
        var landscape = new LossLandscapeOptions { Rows = 0, Dimensions = 3, Points = 1, Reach = 0 };

        Golden.Matches("Measures/Options.txt", new ErrorText()
            .Add("EvaluateSharpness", () => ml.MulticlassClassification.EvaluateSharpness(model, rows, sharpness))
            .Add("LossLandscape", () => ml.MulticlassClassification.LossLandscape(model, rows, landscape))
            .ToString());
    }

    [TestMethod]
    public void Errors_say_what_is_wrong_with_model_or_data()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        using var model = TinyTraining.Trainer(ml).Fit(rows);
        var disposed = TinyTraining.Trainer(ml).Fit(rows);
        disposed.Dispose();
        var mapping = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Pictures.Rows(ml));
        void Evaluate(ITransformer of, IDataView data) => ml.MulticlassClassification.EvaluateSharpness(of, data, Quick());

        Golden.Matches("Measures/Errors.txt", new ErrorText()
            .Add("no model", () => Evaluate(null!, rows))
            .Add("no data", () => Evaluate(model, null!))
            .Add("another transformer", () => Evaluate(mapping, Pictures.Rows(ml)))
            .Add("a chain of others", () => Evaluate(mapping.Append(ml.Transforms.Conversion.MapKeyToValue("Label").Fit(rows)), Pictures.Rows(ml)))
            .Add("a disposed model", () => Evaluate(disposed, rows))
            .Add("no label column", () => Evaluate(model, Pictures.RowsWithoutLabel(ml)))
            .Add("labels that are no keys", () => Evaluate(model, Pictures.Rows(ml)))
            .Add("other labels", () => Evaluate(model, Pictures.Keyed(ml, Pictures.RowsOf(i => new PictureRow { Image = Pictures.Png(i), Label = $"class {i % 3}" })(ml, 6))))
            .Add("no feature column", () => Evaluate(model, Pictures.Keyed(ml, Pictures.RowsOf(i => new LabelOnly { Label = $"{i % 3}" })(ml, 6))))
            .Add("no rows", () => Evaluate(model, ml.Data.SkipRows(rows, 100)))
            .Add("no labelled rows", () => Evaluate(model, mapping.Transform(Pictures.RowsOf(i => new PictureRow { Image = Pictures.Png(i), Label = "unknown" })(ml, 6))))
            .ToString());
    }

    [TestMethod]
    public void LossLandscape_of_a_pipeline_has_the_models_loss_in_its_middle()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Rows(ml);
        var pipeline = TinyTraining.Pipeline(ml).Fit(rows);
        var reports = new Reports();

        var landscape = ml.MulticlassClassification.LossLandscape(pipeline, rows, new LossLandscapeOptions { Points = 3, Progress = reports });

        Assert.AreEqual(12, landscape.Rows);
        Assert.AreEqual(ml.MulticlassClassification.EvaluateSharpness(pipeline, rows, Quick()).Loss, landscape.Losses[1][1], 1e-7, "other batches");
        Assert.AreEqual(0, landscape.Cosine!.Value, 0.1, "random directions in a space of many dimensions");
        Assert.AreEqual(new MeasuringProgress("landscape", 9, 9), reports.Last());
    }

    static float[] Scores(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float[]>("Score").SelectMany(score => score)];

    static void AssertSame(SharpnessMetrics expected, SharpnessMetrics actual)
    {
        Assert.AreEqual(expected.Loss, actual.Loss);
        Assert.AreEqual(expected.GradientNorm, actual.GradientNorm);
        Assert.AreEqual(expected.Sharpness, actual.Sharpness);
        Assert.AreEqual(expected.AdaptiveSharpness, actual.AdaptiveSharpness);
        CollectionAssert.AreEqual(expected.Eigenvalues.ToArray(), actual.Eigenvalues.ToArray());
        Assert.AreEqual(expected.Trace, actual.Trace);
        Assert.AreEqual(expected.CurvatureAlongGradient, actual.CurvatureAlongGradient);
    }

    sealed class LabelOnly
    {
        public string Label { get; set; } = "";
    }

    sealed class Reports(Action<MeasuringProgress>? told = null) : List<MeasuringProgress>, IProgress<MeasuringProgress>
    {
        public void Report(MeasuringProgress value)
        {
            Add(value);
            told?.Invoke(value);
        }
    }
}
