using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Images of which each worker has read its own, beside those of one process that has read all.</summary>
[TestClass]
public class SharedImagesTests
{
    // 24 to train on, in batches of which the halves lie where libtorch would put them: products of matrices depend on that in the last bit.
    const int Rows = 32;
    const int BatchSize = 8;

    static readonly Augmentation Mixed = new(CropPadding: 1) { MixUp = new(Alpha: 1), CutMix = new(Probability: 0.7), RandomErasing = new() };

    static readonly TrainingPlan Plan = new()
    {
        Sharpness = new Sam(),
        Optimizer = new Sgd(LearningRate: 0.1),
        Schedule = new CosineSchedule(),
        Epochs = 4,
        BatchSize = BatchSize,
        Seeds = new Seeds(7),
        Device = CPU,
    };

    static readonly Dictionary<string, TrainingPlan> _plans = new()
    {
        ["as it is"] = Plan,
        ["the last layer first"] = Plan with { Frozen = new(2, "2") },
        ["m-SAM"] = Plan with { Steps = new StepSettings { MicroBatch = BatchSize / 2 } },
        ["SamPa, which takes batches twice"] = Plan with { Sharpness = new SamPa() },
        ["Swa"] = Plan with { WeightAverage = new Swa(0.5) },
    };

    readonly string _folder = Directory.CreateTempSubdirectory("SharedImages").FullName;

    static IEnumerable<object[]> Plans() => _plans.Keys.Select(name => new object[] { name });

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Parts_of_batches_are_those_of_one_process_in_every_epoch(int workers)
    {
        const int Uneven = 7;
        using var alone = new TrainingRows(Team.Alone);

        ThreadWorkers.Together(workers, worker =>
        {
            var shares = new BatchShares(Team.Of(worker), Uneven, null);
            using var own = new TrainingRows(shares.Team);
            for (var epoch = 1; epoch <= 3; epoch++)
            {
                BatchPart[] parts = [.. own.Train.Batches(Uneven, shuffleSeed: epoch).Select((rows, batch) => new BatchPart(rows, 100 * epoch + batch, shares.Of(rows.Length).Places))];
                own.Train.Fetch(parts);
                Assert.AreSequenceEqual(parts.Select(part => Hash(alone.Train.Load(part))), parts.Select(part => Hash(own.Train.Load(part))));
            }
            return true;
        });
    }

    [TestMethod]
    [DataRow(2, true)]
    [DataRow(3, true)]
    [DataRow(4, true)]
    [DataRow(3, false)]
    public void A_worker_reads_its_own_images_alone_and_those_that_show_the_shape(int workers, bool shapeIsGiven)
    {
        const int FirstImages = 16;
        var read = ThreadWorkers.Together(workers, worker =>
        {
            var data = new Source();
            using var images = Load(data, Team.Of(worker), loading => shapeIsGiven ? loading : loading with { Shape = null });
            Assert.AreEqual(new ImageShape(1, 6, 6), images.Shape);
            Assert.AreEqual(Rows, images.Count);
            return data.Read.Order();
        });

        for (var rank = 0; rank < workers; rank++)
            Assert.AreSequenceEqual(Enumerable.Range(0, Rows).Where(row => row % workers == rank || (!shapeIsGiven && row < FirstImages)), read[rank]);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Unusable_images_of_one_worker_are_left_out_by_all(int workers)
    {
        var data = new Source(row => row is 5 or 11 or 12 ? TestImages.Jpeg[..200] : Source.Picture(row));
        using var alone = Load(data, Team.Alone, Skipping);

        ThreadWorkers.Together(workers, worker =>
        {
            using var own = Load(data, Team.Of(worker), Skipping);
            Assert.AreSequenceEqual([5L, 11, 12], own.Skipped.Select(skipped => skipped.Row));
            Assert.AreSequenceEqual(alone.Skipped, own.Skipped);
            Assert.AreSequenceEqual(alone.Labels, own.Labels);
            Assert.AreSequenceEqual(alone.ExampleWeights, own.ExampleWeights);
            Assert.AreEqual(alone.Statistics(), own.Statistics());
            Assert.AreEqual(Identity(alone), Identity(own));
            return true;
        });
    }

    [TestMethod]
    public void Images_of_which_none_can_be_used_are_refused_by_all_workers_in_the_same_words()
    {
        var faults = ThreadWorkers.Faults(3, worker => Load(new Source(_ => []), Team.Of(worker), Skipping));

        foreach (var fault in faults)
            Assert.AreEqual($"Column 'Image' gives no image to learn from: of {Rows} rows, 0 lack a label and {Rows} a usable image (row 0: it has 0 bytes).", fault?.Message);
    }

    [TestMethod]
    public void An_unusable_image_of_one_worker_is_everybodys_exception()
    {
        const string Reason = "The image of row 17 (counting from 0) in column 'Image' cannot be used: it has 0 bytes. Remove the row, or set BadImages to Skip to train without such rows.";
        var data = new Source(row => row == 17 ? [] : Source.Picture(row));

        var faults = ThreadWorkers.Faults(3, worker =>
            new MLContext().MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { FeatureColumnName = "Image", Workers = worker, Network = new CifarResNet(8), ImageShape = new ImageShape(1, 6, 6), Epoch = 1, Seed = 1 }).Fit(data.View));

        Assert.AreEqual($"Worker 3 of 3 cannot begin: {Reason}", faults[0]?.Message);
        Assert.AreEqual($"Worker 3 of 3 cannot begin: {Reason}", faults[1]?.Message);
        Assert.AreEqual(Reason, faults[2]?.Message);
    }

    [TestMethod]
    public void Workers_of_which_one_has_rows_to_validate_on_are_refused()
    {
        var faults = ThreadWorkers.Faults(2, worker =>
            new MLContext().MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { FeatureColumnName = "Image", Workers = worker, Epoch = 1, Seed = 1 }).Fit(new Source().View, worker.Rank == 0 ? null : new Source().View));

        foreach (var fault in faults)
            Assert.AreEqual("Worker 2 of 2 does not have what Worker 1 of 2 has: whether there are rows to validate on was false and is true. Give all workers the same program, options, rows and files.", fault?.Message);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Statistics_and_identity_have_the_bits_of_one_process(int workers)
    {
        using var alone = new TrainingRows(Team.Alone);
        using var other = Load(new Source(row => Source.Picture(row == 20 ? 0 : row)), Team.Alone);

        ThreadWorkers.Together(workers, worker =>
        {
            using var own = new TrainingRows(Team.Of(worker));
            Assert.AreEqual(alone.Normalization, own.Normalization);
            Assert.AreEqual(Identity(alone.All), Identity(own.All));
            return true;
        });
        Assert.AreNotEqual(Identity(other), Identity(alone.All), "one other image");
    }

    [TestMethod]
    [DynamicData(nameof(Plans))]
    public void Two_workers_come_to_the_bits_and_numbers_of_one(string name)
    {
        var plan = _plans[name];
        var alone = RunOf(plan with { Steps = plan.Steps.MicroBatch is null ? new StepSettings { RowsPerPass = BatchSize / 2 } : plan.Steps }, Team.Alone);
        var together = ThreadWorkers.Together(2, workers => RunOf(plan, Team.Of(workers)));

        Assert.IsNotEmpty(alone.Epochs);
        Assert.AreSequenceEqual(alone.Epochs, together[0].Epochs);
        foreach (var one in together)
            Assert.AreSequenceEqual(alone.Weights, one.Weights);
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(4)]
    public void More_workers_differ_by_rounding_alone(int workers)
    {
        var alone = RunOf(Plan, Team.Alone);
        var together = ThreadWorkers.Together(workers, worker => RunOf(Plan, Team.Of(worker)));

        foreach (var one in together)
        {
            Assert.AreSequenceEqual(together[0].Weights, one.Weights);
            Near.Equal(alone.Weights, one.Weights, 1e-4, "float32, summed in another order");
        }
    }

    [TestMethod]
    public void Features_that_one_process_has_kept_are_those_of_workers()
    {
        var plan = Plan with { Frozen = new(2, "2") { FeatureFolder = _folder } };
        var alone = RunOf(plan with { Steps = new StepSettings { RowsPerPass = BatchSize } }, Team.Alone);

        foreach (var one in ThreadWorkers.Together(3, worker => RunOf(plan, Team.Of(worker))))
        {
            Assert.HasCount(2, one.Log.Where(line => line.StartsWith("The features of", StringComparison.Ordinal)));
            Near.Equal(alone.Weights, one.Weights, 1e-4, "float32, summed in another order");
        }
        Assert.HasCount(2, Directory.GetFiles(_folder), "of the rows to train on, and of those to validate on");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Any_number_of_workers_resumes_what_others_have_begun(int workers)
    {
        var plan = Plan with { Sharpness = new SamPa() };
        var unbroken = RunOf(plan, Team.Alone);
        var broken = ThreadWorkers.Faults(2, worker =>
        {
            using var source = new CancellationTokenSource();
            RunOf(plan with { CancellationToken = source.Token, Progress = worker.Rank == 0 ? new After(4, source.Cancel) : null }, Team.Of(worker), _folder);
        });
        Assert.IsTrue(broken.All(fault => fault is OperationCanceledException));

        var resumed = ThreadWorkers.Together(workers, worker => RunOf(plan, Team.Of(worker), _folder));

        Assert.ContainsSingle(line => line.StartsWith("Resuming from", StringComparison.Ordinal), resumed[0].Log);
        foreach (var one in resumed)
            Near.Equal(unbroken.Weights, one.Weights, 1e-4, "float32, summed in another order");
    }

    [TestMethod]
    public void Batch_norms_statistics_are_recomputed_from_all_images()
    {
        double[] alone;
        using (var rows = new TrainingRows(Team.Alone))
            alone = Recomputed(rows, Team.Alone);

        foreach (var own in ThreadWorkers.Together(3, worker => { using var rows = new TrainingRows(Team.Of(worker)); return Recomputed(rows, Team.Of(worker)); }))
            Near.Equal(alone, own, 1e-6, "doubles, summed in another order, as float32");

        static double[] Recomputed(TrainingRows rows, Team team)
        {
            using var net = new SmallNet(dropoutRate: 0);
            BatchNormStatistics.Recompute(net, rows.Train, Plan with { Team = team });
            return [.. net.named_buffers().Where(buffer => buffer.name.EndsWith("mean") || buffer.name.EndsWith("var")).SelectMany(buffer => Near.Numbers(buffer.buffer))];
        }
    }

    static Came RunOf(TrainingPlan plan, Team team, string? folder = null)
    {
        var (epochs, log) = (new List<string>(), new List<string>());
        using var rows = new TrainingRows(team);
        using var net = Net();
        using var checkpoints = folder is null ? null : new Checkpoints(new CheckpointSettings(folder), log.Add, log.Add, team);
        checkpoints?.Share();
        new Trainer(net, plan with
        {
            Team = team,
            Identity = RunIdentity.OfRows(rows.All, validation: null),
            MetricsCallback = team.Leads ? metrics => epochs.Add(FormattableString.Invariant($"{metrics.Epoch}: {metrics.Loss:R} {metrics.TrainAccuracy:R} {metrics.ValidationLoss:R} {metrics.ValidationAccuracy:R} {metrics.ValidationMacroAccuracy:R}")) : null,
            Log = log.Add,
        }, checkpoints).Run(rows.Train, rows.Validation);
        return new([.. net.parameters().SelectMany(Near.Numbers)], epochs, log);
    }

    // No batch norm, whose statistics are those of a part of the batch, and no dropout: threads share a generator.
    static nn.Module<Tensor, Tensor> Net()
    {
        var net = nn.Sequential(("0", nn.Flatten()), ("1", nn.Linear(36, 8)), ("2", nn.Linear(8, 3)));
        using var noGradients = no_grad();
        foreach (var (which, parameter) in net.parameters().Index())
        {
            using var waves = (arange(parameter.numel()) * (0.7 + which)).sin() * 0.3;
            parameter.copy_(waves.view(parameter.shape));
        }
        return net;
    }

    static ImageExamples Load(Source data, Team team, Func<ImageLoading, ImageLoading>? with = null)
    {
        var loading = new ImageLoading { ImageColumn = "Image", LabelColumn = "Label", WeightColumn = "Weight", Network = new CifarResNet(8), Shape = new ImageShape(1, 6, 6), Decoding = TestRows.Decoding, Team = team, Threads = 2 };
        return ImageExamples.Load(data.View, with?.Invoke(loading) ?? loading);
    }

    static ImageLoading Skipping(ImageLoading loading) => loading with { BadImages = BadImagePolicy.Skip };

    static string Identity(ImageExamples images) => RunIdentity.OfRows(images, validation: null).ToJsonString();

    static string Hash(Batch batch)
    {
        using (batch)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var tensor in batch.Targets.SelectMany(target => new[] { target.Labels, target.Weights }).Append(batch.Inputs).OfType<Tensor>())
            {
                using var values = tensor.contiguous();
                hash.AppendData(values.bytes);
            }
            return $"{batch.Count} {Convert.ToHexString(hash.GetHashAndReset())}";
        }
    }

    /// <summary>Rows as a run has them: divided, normalised, weighted, augmented and mixed.</summary>
    sealed class TrainingRows : IDisposable
    {
        public TrainingRows(Team team)
        {
            All = Load(new Source(), team);
            var (train, validation) = All.Split(0.25, seed: 3);
            Normalization = train.Statistics();
            Train = MixedExamples.Of(WeightedExamples.Of(train.With(Normalization, Mixed), [.. train.ExampleWeights]), Mixed);
            Validation = validation.With(Normalization);
        }

        public ImageExamples All { get; }

        public Normalization Normalization { get; }

        public IExamples Train { get; }

        public IExamples Validation { get; }

        public void Dispose() => All.Dispose();
    }

    /// <summary>Rows whose images are made when they are asked for.</summary>
    sealed class Source(Func<int, byte[]>? image = null)
    {
        /// <summary>The rows whose image was asked for.</summary>
        public ConcurrentQueue<int> Read { get; } = [];

        public IDataView View
        {
            get
            {
                var ml = new MLContext();
                var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(row => new Row { Number = row, Label = (uint)row % 3, Weight = 1 + row % 4 }));
                return ml.Transforms.CustomMapping<Numbered, Pictured>(Make, contractName: null).Fit(rows).Transform(rows);
            }
        }

        public static byte[] Picture(int row) => TestImages.GreyPng(6, 6, (x, y) => (37 * row + 11 * x + 5 * y * (row % 3 + 1)) % 256);

        void Make(Numbered row, Pictured made)
        {
            Read.Enqueue(row.Number);
            made.Image = (image ?? Picture)(row.Number);
        }
    }

    sealed class Row
    {
        public int Number;

        [KeyType(3)]
        public uint Label;

        public float Weight;
    }

    sealed class Numbered
    {
        public int Number { get; set; }
    }

    sealed class Pictured
    {
        public byte[] Image { get; set; } = [];
    }

    sealed class After(int steps, Action action) : IProgress<TrainingProgress>
    {
        int _done;

        public void Report(TrainingProgress value)
        {
            if (++_done == steps)
                action();
        }
    }

    sealed record Came(double[] Weights, List<string> Epochs, List<string> Log);
}
