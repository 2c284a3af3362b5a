using System.Reflection;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Fit with a checkpoint folder: what goes on, and what is refused.</summary>
[TestClass]
public class CheckpointFolderOptionTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("CheckpointFolder").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Fit_with_the_same_options_goes_on_to_the_unbroken_runs_model()
    {
        var unbroken = Weights(new MLContext(), Options(options => options.CheckpointFolder = null));

        CancelAfter(step: 3, Options());
        var ml = new MLContext();
        var log = SamImageTrainerTests.Log(ml);
        var resumed = Weights(ml, Options());

        CollectionAssert.AreEqual(unbroken, resumed);
        Assert.Contains($"Resuming from the checkpoint '{Path.Combine(_folder, "sam-step-00000003.safetensors")}', in epoch 2, after 1 of its batches.", log);
    }

    [TestMethod]
    public void Fit_with_every_augmentation_goes_on_to_the_unbroken_runs_model()
    {
        var augmentation = new Augmentation
        {
            VerticalFlip = true,
            RandomResizedCrop = new(),
            ColorJitter = new(),
            RandAugment = new(),
            RandomErasing = new(),
            Cutout = new(Size: 2),
            MixUp = new(),
            CutMix = new(),
        };
        var unbroken = Weights(new MLContext(), Options(options => (options.CheckpointFolder, options.Augmentation) = (null, augmentation)));

        CancelAfter(step: 3, Options(options => options.Augmentation = augmentation));
        var resumed = Weights(new MLContext(), Options(options => options.Augmentation = augmentation));

        CollectionAssert.AreEqual(unbroken, resumed);
        CollectionAssert.AreNotEqual(Weights(new MLContext(), Options(options => options.CheckpointFolder = null)), resumed);
    }

    [TestMethod]
    public void Fit_of_a_finished_run_returns_the_same_model_and_says_so()
    {
        var first = Weights(new MLContext(), Options());
        var ml = new MLContext();
        var log = SamImageTrainerTests.Log(ml);

        var second = Weights(ml, Options(options => options.MetricsCallback = _ => Assert.Fail("it trains")));

        CollectionAssert.AreEqual(first, second);
        Assert.Contains($"The run in '{_folder}' is finished: this is its model. To train again, choose another CheckpointFolder, or delete this one.", log);
        Assert.AreEqual("Done. The model is that of epoch 2.", log[^1]);
    }

    [TestMethod]
    public void Fit_without_a_seed_goes_on_with_the_checkpoints()
    {
        CancelAfter(step: 3, Options(options => options.Seed = 5));
        var resumed = Weights(new MLContext(), Options(options => options.Seed = null));

        var unbroken = Weights(new MLContext(), Options(options => (options.Seed, options.CheckpointFolder) = (5, null)));
        CollectionAssert.AreEqual(unbroken, resumed);
    }

    [TestMethod]
    public void Fit_goes_on_with_other_threads_cache_callbacks_and_times()
    {
        CancelAfter(step: 3, Options());
        var epochs = 0;
        Weights(new MLContext(), Options(options =>
        {
            options.Threads = 1;
            options.CacheMegabytes = 0;
            options.CheckpointEvery = TimeSpan.FromHours(1);
            options.CheckpointEveryEpochs = 3;
            options.OnCancel = CancelBehavior.KeepBest;
            options.MetricsCallback = _ => epochs++;
        }));
        Assert.AreEqual(1, epochs);
    }

    [TestMethod]
    public void Options_that_may_differ_are_those_that_do_not_decide_what_is_computed()
    {
        var free = typeof(SamImageTrainer.Options).GetFields().Where(field => field.GetCustomAttributes().Any(a => a.GetType().Name == "MayDifferOnResumeAttribute")).Select(field => field.Name);

        // The validation set is compared by its rows, the seed by its value.
        CollectionAssert.AreEquivalent(
            new[] { "CacheMegabytes", "CancellationToken", "CheckpointEvery", "CheckpointEveryEpochs", "CheckpointFolder", "FeatureFolder", "HalfPrecisionWeights", "LogSinks", "MetricsCallback", "OnCancel", "Progress", "Seed", "TestTimeAugmentation", "Threads", "ValidationSet", "Workers" },
            free.ToArray());
    }

    [TestMethod]
    public void Fit_of_another_run_names_every_difference()
    {
        CancelAfter(step: 3, Options());
        void Fit(Action<SamImageTrainer.Options>? change = null, IDataView? rows = null, IDataView? validation = null)
        {
            var ml = new MLContext();
            TinyTraining.Trainer(ml, options => { Set(options); change?.Invoke(options); }).Fit(rows ?? Pictures.KeyedRows(ml), validation);
        }
        IDataView Rows(Func<int, PictureRow> row, int count = 12) => Pictures.Keyed(new MLContext(), Pictures.RowsOf(row)(new MLContext(), count));

        var errors = new ErrorText()
            .Add("one option", () => Fit(options => options.Epoch = 20))
            .Add("a number of a rule", () => Fit(options => options.Sharpness = new FriendlySam(new Sam(Rho: 0.1))))
            .Add("another rule", () => Fit(options => options.Sharpness = new Plain()))
            .Add("another network", () => Fit(options => options.Network = new CountingNetwork()))
            .Add("many options", () => Fit(options =>
            {
                options.Seed = 2;
                options.Network = new CifarResNet(14);
                options.Optimizer = new AdamW();
                options.Schedule = new ConstantSchedule();
                options.RhoSchedule = new CosineSchedule();
                options.PerturbedWeights = new NoBiases();
                options.ParameterGroups = [new(new WeightsNamed("fc.*"), new AdamW())];
                options.BatchSize = 5;
                options.MicroBatch = 2;
                options.EarlyStoppingCriteria = null;
                options.ValidationSetFraction = 0.25f;
                options.LabelSmoothing = 0.1;
                options.ClipNorm = 1;
                options.FreshMasks = true;
                options.ImageShape = new ImageShape(1, 9, 9);
                options.Augmentation = null;
                options.BadImages = BadImagePolicy.Skip;
                options.ApplyExifOrientation = false;
                options.ScoreColumnName = "Scores";
                options.FreezeBackboneEpochs = 1;
                options.EmbeddingColumnName = "Embedding";
            }))
            .Add("more rows", () => Fit(rows: Rows(Pictures.Row, count: 15)))
            .Add("the same rows in another order", () => Fit(rows: Rows(i => Pictures.Row(i switch { 3 => 6, 6 => 3, _ => i }))))
            .Add("one other image", () => Fit(rows: Rows(i => i == 5 ? new PictureRow { Image = Pictures.Png(8), Label = "plain" } : Pictures.Row(i))))
            .Add("one other label", () => Fit(rows: Rows(i => i == 11 ? new PictureRow { Image = Pictures.Png(11), Label = "down" } : Pictures.Row(i))))
            .Add("other classes", () => Fit(rows: Rows(i => new PictureRow { Image = Pictures.Png(i), Label = (i % 3) switch { 0 => "across", 1 => "down", _ => "none" } })))
            .Add("a validation set", () => Fit(validation: Pictures.KeyedRows(new MLContext(), 6)));

        Golden.Matches("Classification/CheckpointDifferences.txt", errors.ToString().Replace(_folder, "FOLDER"));
    }

    [TestMethod]
    public void Two_fits_in_one_folder_at_once_are_an_error()
    {
        InvalidOperationException? second = null;
        Weights(new MLContext(), Options(options => options.MetricsCallback = _ => second ??= Assert.Throws<InvalidOperationException>(() => Weights(new MLContext(), Options()))));
        Assert.AreEqual($"The checkpoint folder '{_folder}' belongs to a run that is still going on. Wait for it to end, or choose another folder.", second!.Message);
    }

    [TestMethod]
    public void Fit_with_a_folder_that_cannot_be_written_to_is_an_error_before_anything_is_read()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var ml = new MLContext();
        var unreadable = Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = Array.Empty<byte>(), Label = $"{i % 3}" })(ml, 12));

        var error = Assert.Throws<InvalidOperationException>(() => TinyTraining.Trainer(ml, options => options.CheckpointFolder = file).Fit(unreadable));

        Assert.StartsWith($"The checkpoint folder '{file}' cannot be written to: ", error.Message);
    }

    [TestMethod]
    public void Cancelled_to_keep_the_best_Fit_returns_its_model_and_can_go_on()
    {
        var unbroken = Weights(new MLContext(), Options(options => (options.CheckpointFolder, options.ValidationSetFraction) = (null, 0.25f)));
        using var source = new CancellationTokenSource();
        var ml = new MLContext();
        var log = SamImageTrainerTests.Log(ml);

        Weights(ml, Options(options =>
        {
            options.ValidationSetFraction = 0.25f;
            options.OnCancel = CancelBehavior.KeepBest;
            options.CancellationToken = source.Token;
            options.Progress = new Steps(step => { if (step == 3) source.Cancel(); });
        }));

        Assert.AreEqual("Cancelled in epoch 2, after 1 of its batches. The model is that of epoch 1, the best so far.", log[^1]);
        CollectionAssert.AreEqual(unbroken, Weights(new MLContext(), Options(options => options.ValidationSetFraction = 0.25f)));
    }

    SamImageTrainer.Options Options(Action<SamImageTrainer.Options>? change = null) => TinyTraining.Options(options =>
    {
        Set(options);
        change?.Invoke(options);
    });

    void Set(SamImageTrainer.Options options)
    {
        options.Epoch = 2;
        options.Sharpness = new FriendlySam();
        options.CheckpointFolder = _folder;
    }

    static void CancelAfter(int step, SamImageTrainer.Options options)
    {
        using var source = new CancellationTokenSource();
        options.CancellationToken = source.Token;
        options.Progress = new Steps(done => { if (done == step) source.Cancel(); });
        Assert.Throws<OperationCanceledException>(() => Weights(new MLContext(), options));
    }

    static byte[] Weights(MLContext ml, SamImageTrainer.Options options)
    {
        using var model = ml.MulticlassClassification.Trainers.SamImage(options).Fit(Pictures.KeyedRows(ml));
        return SavedModel.Entry(SavedModel.Of(ml, model), "Weights.safetensors");
    }

    sealed class Steps(Action<int> act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress progress) => act((progress.Epoch - 1) * progress.Batches + progress.Batch);
    }
}
