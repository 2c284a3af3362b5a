using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

namespace Docs;

/// <summary>The options that docs/training.md and the pages below it show.</summary>
public static class TrainingOptions
{
    /// <summary>The options that most runs set.</summary>
    public static SamImageTrainer.Options Common()
    {
        #region common
        var options = new SamImageTrainer.Options
        {
            Sharpness = new Sam(Rho: 0.05), // the rule, and its radius
            Network = new CifarResNet(Depth: 20),
            Optimizer = new Sgd(LearningRate: 0.1),
            BatchSize = 128,
            Epoch = 30,
            MetricsCallback = Console.WriteLine, // a line after each epoch
        };
        #endregion
        return options;
    }

    /// <summary>What is perturbed, and how far, over the run.</summary>
    public static SamImageTrainer.Options Perturbed()
    {
        #region perturbed
        var options = new SamImageTrainer.Options
        {
            Sharpness = new Sam(Rho: 0.1),
            PerturbedWeights = new NoBiases(), // biases have ε = 0
            RhoSchedule = new WarmupSchedule(Epochs: 5), // ρ rises from 0 to 0.1
        };
        #endregion
        return options;
    }

    /// <summary>A new last layer that learns faster than the trained layers before it.</summary>
    public static SamImageTrainer.Options Groups()
    {
        #region groups
        var options = new SamImageTrainer.Options
        {
            Network = new ResNet18 { Weights = "resnet18.safetensors" },
            Optimizer = new Sgd(LearningRate: 0.001),
            ParameterGroups = [new ParameterGroup(new WeightsNamed("fc.*"), new Sgd(LearningRate: 0.01))],
        };
        #endregion
        return options;
    }

    /// <summary>m-sharpness, and a batch that is computed in pieces.</summary>
    public static (SamImageTrainer.Options, SamImageTrainer.Options) Batches()
    {
        #region batches
        var mSharpness = new SamImageTrainer.Options { BatchSize = 128, MicroBatch = 32 }; // four perturbations a step
        var lessMemory = new SamImageTrainer.Options { BatchSize = 128, RowsPerPass = 32 }; // one perturbation a step
        #endregion
        return (mSharpness, lessMemory);
    }

    /// <summary>Measures a learning rate before training.</summary>
    public static LearningRateCurve FindLearningRate(MLContext ml, SamImageTrainer.Options options, IDataView rows, string file)
    {
        #region find
        var curve = ml.MulticlassClassification.Trainers.SamImage(options).FindLearningRate(rows);
        Console.WriteLine(curve);
        curve.WriteCsv(file);
        options.Optimizer = new Sgd(LearningRate: curve.Suggestion ?? 0.01);
        #endregion
        return curve;
    }

    /// <summary>A class that counts three times as much as the others.</summary>
    public static SamTextTrainer.Options ClassWeights()
    {
        #region weights
        var options = new SamTextTrainer.Options
        {
            Sentence1ColumnName = "Text",
            ClassWeights = new Dictionary<string, double> { ["spam"] = 3 }, // or BalanceClassWeights = true
        };
        #endregion
        return options;
    }

    /// <summary>Which epoch is kept, and when the run ends early.</summary>
    public static SamImageTrainer.Options Validation(IDataView validationRows)
    {
        #region validation
        var options = new SamImageTrainer.Options
        {
            Epoch = 100,
            ValidationSet = validationRows,
            EarlyStoppingCriteria = new EarlyStopping(EarlyStoppingMetric.MacroAccuracy, MinDelta: 0.001, Patience: 10),
        };
        #endregion
        return options;
    }

    /// <summary>The mean of the weights of the last quarter of the run.</summary>
    public static SamImageTrainer.Options Average()
    {
        #region average
        var options = new SamImageTrainer.Options
        {
            Epoch = 40,
            WeightAverage = new Swa(Start: 0.75), // or new Ema(Decay: 0.999)
            EarlyStoppingCriteria = null, // else the run may end before the average begins
        };
        #endregion
        return options;
    }

    /// <summary>How image files are read.</summary>
    public static SamImageTrainer.Options Images()
    {
        #region images
        var options = new SamImageTrainer.Options
        {
            ImageShape = new ImageShape(Channels: 3, Height: 64, Width: 64),
            BadImages = BadImagePolicy.Skip,
            MaxMegapixels = 50,
        };
        #endregion
        return options;
    }

    /// <summary>Random changes to training images.</summary>
    public static SamImageTrainer.Options Augmented()
    {
        #region augmentation
        var options = new SamImageTrainer.Options
        {
            Augmentation = new Augmentation(CropPadding: 0)
            {
                RandomResizedCrop = new RandomResizedCrop(MinArea: 0.35),
                RandAugment = new RandAugment(Operations: 2, Magnitude: 9),
                MixUp = new MixUp(Alpha: 0.2),
                CutMix = new CutMix(),
            },
            TestTimeAugmentation = new TestTimeAugmentation(),
        };
        #endregion
        return options;
    }

    /// <summary>Files with the numbers of each epoch.</summary>
    public static SamImageTrainer.Options Logs(string file, string folder)
    {
        #region logs
        var options = new SamImageTrainer.Options
        {
            LogSinks = [new CsvLog(file), new TensorBoardLog(folder)],
        };
        #endregion
        return options;
    }

    /// <summary>A run that keeps the best model where it is cancelled.</summary>
    public static SamImageTrainer.Options Cancelled(CancellationToken token)
    {
        #region cancel
        var options = new SamImageTrainer.Options
        {
            CancellationToken = token,
            OnCancel = CancelBehavior.KeepBest,
        };
        #endregion
        return options;
    }

    /// <summary>A run that can be stopped at any moment and resumed.</summary>
    public static SamImageTrainer.Options Checkpoints()
    {
        #region checkpoints
        var options = new SamImageTrainer.Options
        {
            CheckpointFolder = "runs/pets",
            CheckpointEvery = TimeSpan.FromMinutes(10), // and after each epoch
        };
        #endregion
        return options;
    }
}
