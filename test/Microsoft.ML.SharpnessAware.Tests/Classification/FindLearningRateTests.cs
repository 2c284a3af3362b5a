namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>FindLearningRate of both trainers: what it does, and that it leaves nothing behind.</summary>
[TestClass]
public class FindLearningRateTests
{
    static readonly LearningRateSweep Sweep = new(From: 1e-4, To: 1, Steps: 20, Smoothing: 0.9);

    [TestMethod]
    public void Images_and_texts_give_a_curve_that_is_the_same_again()
    {
        var ml = new MLContext(seed: 1);
        foreach (var find in new[] { () => TinyTraining.Trainer(ml).FindLearningRate(Pictures.KeyedRows(ml), Sweep), () => TinyText.Trainer(ml).FindLearningRate(Sentences.KeyedRows(ml), Sweep) })
        {
            var (first, second) = (find(), find());
            CollectionAssert.AreEqual(first.Points.ToArray(), second.Points.ToArray());
            Assert.IsGreaterThan(10, first.Points.Count);
            Assert.AreEqual(Math.Log(3), first.Points[0].Loss, 1.0, "three classes, fresh weights");
        }
    }

    [TestMethod]
    public void Suggestion_can_be_the_optimizers_learning_rate()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        var options = TinyTraining.Options();
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        var curve = Docs.TrainingOptions.FindLearningRate(ml, options, rows, file);

        Assert.HasCount(1 + curve.Points.Count, File.ReadAllLines(file));
        File.Delete(file);
        Assert.AreEqual(curve.Suggestion, options.Optimizer!.LearningRate);
        using var model = ml.MulticlassClassification.Trainers.SamImage(options).Fit(rows);
    }

    [TestMethod]
    public void Fit_after_it_is_as_if_it_had_not_been_and_no_callback_log_or_checkpoint_hears_of_it()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var (ml, fresh) = (new MLContext(seed: 1), new MLContext(seed: 1));
        var trainer = TinyTraining.Trainer(ml, options =>
        {
            options.ValidationSetFraction = 0.25f;
            options.MetricsCallback = _ => Assert.Fail("it trains");
            options.LogSinks = [new CsvLog(Path.Combine(folder, "run.csv"))];
            options.CheckpointFolder = folder;
        });
        trainer.FindLearningRate(Pictures.KeyedRows(ml), Sweep);
        Assert.IsFalse(Path.Exists(folder));

        CollectionAssert.AreEqual(Weights(fresh, finds: false), Weights(ml, finds: true));

        static byte[] Weights(MLContext ml, bool finds)
        {
            var trainer = TinyTraining.Trainer(ml);
            if (finds)
                trainer.FindLearningRate(Pictures.KeyedRows(ml), Sweep);
            using var model = trainer.Fit(Pictures.KeyedRows(ml));
            return SavedModel.Entry(SavedModel.Of(ml, model), "Weights.safetensors");
        }
    }

    [TestMethod]
    public void First_loss_is_that_of_the_first_step_of_Fit()
    {
        var ml = new MLContext(seed: 1);
        var losses = new List<double>();
        var trainer = TinyTraining.Trainer(ml, options =>
        {
            options.ValidationSetFraction = 0.25f;
            options.Progress = new Steps(progress => losses.Add(progress.Step.Loss));
        });

        var curve = trainer.FindLearningRate(Pictures.KeyedRows(ml), Sweep);
        Assert.IsEmpty(losses);
        using var model = trainer.Fit(Pictures.KeyedRows(ml));

        Assert.AreEqual(losses[0], curve.Points[0].Loss);
    }

    [TestMethod]
    public void Log_tells_what_was_tried_and_found()
    {
        var ml = new MLContext(seed: 1);
        var log = new List<string>();
        ml.Log += (_, message) =>
        {
            if (message is { Source: "SamImageTrainer; FindLearningRate", Kind: Runtime.ChannelMessageKind.Info })
                log.Add(message.RawMessage);
        };

        var curve = TinyTraining.Trainer(ml).FindLearningRate(Pictures.KeyedRows(ml), Sweep);
        Assert.StartsWith("Trying learning rates with CifarResNet { Depth = 8 }, Sam { Rho = ", log[2]);
        Assert.EndsWith(", seed 1: LearningRateSweep { From = 0.0001, To = 1, Steps = 20, Smoothing = 0.9, StopFactor = 4 }.", log[2]);
        Assert.AreEqual($"{curve}", log[^1]);
    }

    [TestMethod]
    public void What_is_wrong_is_said_before_anything_is_read()
    {
        var ml = new MLContext(seed: 1);
        var unreadable = Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = Array.Empty<byte>(), Label = $"{i % 3}" })(ml, 12));

        Assert.StartsWith("To must be more than From, which is 1, but was 1.", Assert.Throws<ArgumentOutOfRangeException>(() => TinyTraining.Trainer(ml).FindLearningRate(unreadable, new(From: 1, To: 1))).Message);
        Assert.StartsWith(
            "The LearningRate of Optimizer must be more than 0 to look for another, as those of ParameterGroups are changed by the same factor.",
            Assert.Throws<ArgumentOutOfRangeException>(() => TinyTraining.Trainer(ml, options => options.Optimizer = new Sgd(LearningRate: 0)).FindLearningRate(unreadable)).Message);
        Assert.Throws<ArgumentNullException>(() => TinyTraining.Trainer(ml).FindLearningRate(null!));
    }

    [TestMethod]
    public void CancellationToken_ends_it()
    {
        var ml = new MLContext(seed: 1);
        Assert.Throws<OperationCanceledException>(() => TinyTraining.Trainer(ml, options => options.CancellationToken = new CancellationToken(canceled: true)).FindLearningRate(Pictures.KeyedRows(ml)));
    }

    sealed class Steps(Action<TrainingProgress> act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress progress) => act(progress);
    }
}
