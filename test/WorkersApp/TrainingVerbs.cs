using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>Trainings, each of a few steps.</summary>
static class TrainingVerbs
{
    const int Rows = 48;
    const int BatchSize = 16;

    static readonly Augmentation _mixed = new(CropPadding: 1) { MixUp = new(Alpha: 1), CutMix = new(), RandomErasing = new(), RandomResizedCrop = new() };

    static readonly Dictionary<string, Action<SamImageTrainer.Options>> _images = new()
    {
        ["plain"] = options => options.Sharpness = new Plain(),
        ["sam"] = options => options.Sharpness = new Sam(),
        ["mixed"] = options => (options.Sharpness, options.Augmentation, options.BalanceClassWeights, options.WeightAverage, options.ClipNorm) = (new Asam(), _mixed, true, new Ema(0.9), 0.5),
        ["groups"] = options => (options.Sharpness, options.ParameterGroups) = (new LookSam(), [new ParameterGroup(new WeightsNamed("fc.*"), new AdamW(0.01)) { Rho = 0.2 }]),
        ["friendly"] = options => options.Sharpness = new FriendlySam(),
        ["rwsam"] = options => options.Sharpness = new RwSam(),
        ["micro"] = options => (options.Sharpness, options.MicroBatch) = (new Sam(), BatchSize / 2),
        ["batchnorm"] = options => options.Network = new CifarResNet(8),
    };

    /// <summary>NAMES PIECES OUTPUT: trains each, with passes of so many pieces of a batch, and saves the models of all workers under OUTPUT.NAME.RANK.zip.</summary>
    public static int Train(MpiWorkers workers, string[] arguments)
    {
        foreach (var name in arguments[0].Split(','))
            Save(workers, FitOne(workers, name, int.Parse(arguments[1], CultureInfo.InvariantCulture)), $"{arguments[2]}.{name}.{workers.Rank}.zip");
        return 0;
    }

    /// <summary>OUTPUT FOLDER: a run with a checkpoint after every step, of which the first worker tells each.</summary>
    public static int Resume(MpiWorkers workers, string[] arguments)
    {
        using var model = Images(workers, options =>
        {
            options.Sharpness = new FriendlySam();
            options.MicroBatch = BatchSize / 4;
            options.Network = new CifarResNet(8);
            options.Epoch = 100;
            options.CheckpointFolder = arguments[1];
            options.CheckpointEvery = TimeSpan.FromTicks(1);
            options.Progress = new StepLines();
        });
        Save(workers, model, $"{arguments[0]}.{workers.Rank}.zip");
        return 0;
    }

    /// <summary>WHAT: one worker has other options, rows or a fault of its own, and all of them say why they cannot begin.</summary>
    public static int Differ(MpiWorkers workers, string[] arguments)
    {
        var isOther = workers.Rank == 1;
        try
        {
            using var model = Images(workers, options =>
            {
                options.BatchSize = isOther && arguments[0] == "options" ? BatchSize / 2 : BatchSize;
                options.Seed = isOther && arguments[0] == "seed" ? 5 : 4;
                options.Network = new CifarResNet(8);
                options.MetricsCallback = _ => { if (arguments[0] == "callback") throw new IOException("the disk is full"); };
            }, isOther && arguments[0] == "rows" ? Rows - 1 : Rows, () => { if (isOther && arguments[0] == "fault") throw new InvalidOperationException("the share is not mounted"); });
            return 0;
        }
        catch (InvalidOperationException refused)
        {
            Console.WriteLine($"worker {workers.Rank} says: {refused.Message}");
            return 3;
        }
    }

    static ITransformer FitOne(Workers workers, string name, int pieces) => name == "text"
        ? new MLContext().MulticlassClassification.Trainers.SamText(new SamTextTrainer.Options
        {
            Workers = workers,
            Network = new TextTransformer(Layers: 1, Width: 16, Heads: 2, FeedForward: 32),
            Optimizer = new Sgd(LearningRate: 0.05),
            BatchSize = BatchSize,
            RowsPerPass = BatchSize / pieces,
            Epoch = 3,
            ValidationSetFraction = 0.25f,
            Seed = 3,
            Threads = 1,
        }).Fit(new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, Rows * 4 / 3).Select(row => new Sentence { Sentence1 = string.Join(' ', Enumerable.Range(0, row % 7 + 2).Select(word => $"word{word * row % 11}")), Label = (uint)row % 3 })))
        : Images(workers, options =>
        {
            options.RowsPerPass = BatchSize / pieces;
            _images[name](options);
        });

    static SamImageTransformer Images(Workers workers, Action<SamImageTrainer.Options> change, int rows = Rows, Action? beforeRow = null)
    {
        var options = new SamImageTrainer.Options
        {
            Workers = workers,
            Network = new SmallCnn(),
            Optimizer = new Sgd(LearningRate: 0.05),
            BatchSize = BatchSize,
            Epoch = 3,
            ValidationSetFraction = 0.25f,
            Seed = 3,
            Threads = 1,
        };
        change(options);
        var ml = new MLContext();
        return ml.MulticlassClassification.Trainers.SamImage(options).Fit(ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows * 4 / 3).Select(row =>
        {
            beforeRow?.Invoke();
            return Picture.Of(row);
        })));
    }

    static void Save(Workers workers, ITransformer model, string file)
    {
        new MLContext().Model.Save(model, null, file);
        (model as IDisposable)?.Dispose();
        if (workers.Rank == 0)
            Console.WriteLine($"saved {file}");
    }

    sealed class StepLines : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress progress) => Console.WriteLine($"step {progress.Batch} of epoch {progress.Epoch}");
    }

    sealed class Picture
    {
        const int Pixels = 100;

        [VectorType(Pixels)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }

        // Keys of a class count from 0.
        public static Picture Of(int row) => new() { Features = [.. Enumerable.Range(0, Pixels).Select(pixel => MathF.Sin(pixel * (row % 3 + 1) + row))], Label = (uint)row % 3 };
    }

    sealed class Sentence
    {
        public string Sentence1 { get; set; } = "";

        [KeyType(3)]
        public uint Label { get; set; }
    }
}

/// <summary>A convolution, dropout and a last layer: no batch norm, whose statistics are those of a worker's part of the batch.</summary>
public sealed record SmallCnn : ImageNetwork
{
    /// <inheritdoc/>
    public override int DefaultSize => 10;

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(
        ("conv", nn.Conv2d(input.Channels, 16, kernel_size: 3, padding: 1)),
        ("relu", nn.ReLU()),
        ("dropout", nn.Dropout(0.2)),
        ("flatten", nn.Flatten()),
        ("fc", nn.Linear(16L * input.Height * input.Width, classes)));
}
