using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How every trainer gets from data to a model: checks, rows, network, run. What rows and networks are is for each kind to say.</summary>
internal abstract class ClassifierTraining<TData, TModel>(IHost host, SamTrainerOptions options)
    where TData : ITrainingData
{
    /// <summary>The columns after training, where the input has these.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape OutputSchema(SchemaShape inputSchema)
    {
        var label = CheckedLabel(inputSchema);
        if (options.ExampleWeightColumnName is { } weight)
            ClassifierSchema.CheckWeight(inputSchema, weight, host);

        var columns = inputSchema.ToDictionary(column => column.Name);
        var score = ClassifierSchema.PromisedScore(options.ScoreColumnName, label);
        var predictedLabel = ClassifierSchema.PromisedPredictedLabel(options.PredictedLabelColumnName, label);
        foreach (var column in PromisesScoreFirst ? [score, predictedLabel] : (SchemaShape.Column[])[predictedLabel, score])
            columns[column.Name] = column;
        if (options.EmbeddingColumnName is { } embedding)
            columns[embedding] = ClassifierSchema.PromisedEmbedding(embedding);
        return new SchemaShape(columns.Values);
    }

    /// <summary>Trains on the first data and validates on the second; where it is null, on a part of the first.</summary>
    public TModel Run(IDataView trainData, IDataView? validationData) => MlNetErrors.Marked(host, () => Train(trainData, validationData));

    /// <summary>Takes the first steps of a run at learning rates that grow.</summary>
    public LearningRateCurve FindLearningRate(IDataView trainData, LearningRateSweep sweep) => MlNetErrors.Marked(host, () => Sweep(trainData, sweep));

    TModel Train(IDataView trainData, IDataView? validationData)
    {
        var classes = CheckedClasses(trainData, validationData);
        using var channel = host.Start("Training");
        var device = Libtorch.OpenToTrain(host, channel);
        using var threads = LibtorchThreads.Borrow(options.Threads);
        using var checkpoints = OpenCheckpoints(channel);
        using var logs = new EpochLogs(options.LogSinks, line => channel.Warning(MessageSensitivity.None, line));
        var seed = options.Seed ?? HostSettings.Of(host).Seed ?? (int?)checkpoints?.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        var seeds = new Seeds(seed);

        CheckNetwork(classes.Count);
        using var data = Load(trainData, validationData, classes, seeds);
        data.Report(channel);
        channel.Info(MessageSensitivity.None, $"Training {Network} with {options.Sharpness} and {options.Optimizer} on {device}, seed {seed}.");
        if (options.FreezeBackboneEpochs > 0 && !StartsTrained)
            channel.Warning(MessageSensitivity.None, $"FreezeBackboneEpochs is {options.FreezeBackboneEpochs}, but {Network} starts from fresh weights, so that the layers to be frozen have learned nothing. Give the network trained weights, or set FreezeBackboneEpochs to 0.");

        using var random = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(seeds.For("weights"));
        var network = Build(data, classes.Count, line => channel.Info(MessageSensitivity.None, line));
        try
        {
            var embedding = options.EmbeddingColumnName is { } name ? new EmbeddingColumn(name, EmbeddingSize(network.to(device), data.Train, device)) : null;
            var plan = Plan(channel, device, seeds) with { Logs = logs, Identity = checkpoints is null ? [] : RunIdentity.Of(options, classes.Names, data.Given, data.GivenValidation) };
            var summary = new Trainer(network, plan, checkpoints).Run(data.Train, data.Validation);
            channel.Info(MessageSensitivity.None, summary.Ending);
            return Finish(data, new TrainedNetwork(classes, network, device, embedding, TrainingFacts.Of(options, seed, data.Train.Count, summary)));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    LearningRateCurve Sweep(IDataView trainData, LearningRateSweep sweep)
    {
        var classes = CheckedClasses(trainData, options.ValidationSet);
        if (options.Optimizer.LearningRate == 0)
            throw host.ExceptUserArg("options", "The LearningRate of Optimizer must be more than 0 to look for another, as those of ParameterGroups are changed by the same factor.");
        using var channel = host.Start(nameof(FindLearningRate));
        var device = Libtorch.OpenToTrain(host, channel);
        using var threads = LibtorchThreads.Borrow(options.Threads);
        var seed = options.Seed ?? HostSettings.Of(host).Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        var seeds = new Seeds(seed);

        CheckNetwork(classes.Count);
        using var data = Load(trainData, options.ValidationSet, classes, seeds);
        data.Report(channel);
        channel.Info(MessageSensitivity.None, $"Trying learning rates with {Network}, {options.Sharpness} and {options.Optimizer} on {device}, seed {seed}: {sweep}.");

        using var random = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(seeds.For("weights"));
        using var network = Build(data, classes.Count, line => channel.Info(MessageSensitivity.None, line));
        var curve = new LearningRateFinder(network, Plan(channel, device, seeds), sweep).Run(data.Train);
        channel.Info(MessageSensitivity.None, $"{curve}");
        return curve;
    }

    /// <summary>The network in words.</summary>
    protected abstract object Network { get; }

    /// <summary>Whether Score comes before PredictedLabel among the promised columns, as it does with ML.NET's own trainer of the kind. What is delivered has one order.</summary>
    protected abstract bool PromisesScoreFirst { get; }

    /// <summary>What the network calls the layer that puts out the logits.</summary>
    protected abstract string LastLayer { get; }

    /// <summary>Whether the network starts from trained weights.</summary>
    protected abstract bool StartsTrained { get; }

    /// <summary>Bytes of what is cached in memory.</summary>
    protected abstract long CacheBudget { get; }

    /// <summary>Parameters with an optimizer of their own.</summary>
    protected abstract IReadOnlyList<ParameterGroup> Groups { get; }

    /// <exception cref="ArgumentOutOfRangeException">A column of the network's inputs is missing or of the wrong type.</exception>
    protected abstract void CheckInput(SchemaShape inputSchema);

    /// <summary>Checks the files that the network starts from, before any row is read.</summary>
    /// <exception cref="InvalidOperationException">They are missing, or not of the network.</exception>
    protected virtual void CheckNetwork(int classes) { }

    /// <summary>Reads all rows, once.</summary>
    protected abstract TData Load(IDataView trainData, IDataView? validationData, LabelClasses classes, Seeds seeds);

    /// <summary>A network for such rows, as it is before training. What is worth a line of the log goes there.</summary>
    protected abstract nn.Module<Tensor, Tensor> Build(TData data, int classes, Action<string> log);

    /// <summary>The model, which owns the network.</summary>
    protected abstract TModel Finish(TData data, TrainedNetwork trained);

    /// <exception cref="OperationCanceledException">The user or the host wants the run to end.</exception>
    protected void CheckAlive()
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        host.CheckAlive();
    }

    SchemaShape.Column CheckedLabel(SchemaShape inputSchema)
    {
        host.CheckValue(inputSchema, nameof(inputSchema));
        CheckInput(inputSchema);
        return ClassifierSchema.LabelIn(inputSchema, options.LabelColumnName, host);
    }

    LabelClasses CheckedClasses(IDataView trainData, IDataView? validationData)
    {
        host.CheckValue(trainData, nameof(trainData));
        OutputSchema(SchemaShape.Create(trainData.Schema));
        var classes = LabelClasses.Of(trainData.Schema[options.LabelColumnName]);
        classes.CheckKnown(options.ClassWeights?.Keys ?? [], nameof(options.ClassWeights), options.LabelColumnName);
        if (validationData is null)
            return classes;
        CheckedLabel(SchemaShape.Create(validationData.Schema));
        classes.CheckSame(LabelClasses.Of(validationData.Schema[options.LabelColumnName]), options.LabelColumnName);
        return classes;
    }

    // Before training: a network that has none is to be refused at once.
    int EmbeddingSize(nn.Module<Tensor, Tensor> network, IExamples examples, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var tap = new FeatureTap(network, LastLayer);
        using var batch = examples.Load([0], augmentationSeed: null).To(device);
        network.eval();
        return (int)tap.Forward(batch.Inputs).Features.numel();
    }

    Checkpoints? OpenCheckpoints(IChannel channel) => options.Checkpoints() is { } settings
        ? new(settings, line => channel.Info(MessageSensitivity.None, line), line => channel.Warning(MessageSensitivity.None, line))
        : null;

    TrainingPlan Plan(IChannel channel, Device device, Seeds seeds) => new()
    {
        Sharpness = options.Sharpness,
        Optimizer = options.Optimizer,
        Schedule = options.Schedule,
        Epochs = options.Epoch,
        BatchSize = options.BatchSize,
        Seeds = seeds,
        Device = device,
        LabelSmoothing = options.LabelSmoothing,
        RhoSchedule = options.RhoSchedule,
        Steps = options.Steps() with { Groups = Groups },
        Frozen = options.FreezeBackboneEpochs == 0 ? null : new(options.FreezeBackboneEpochs, LastLayer) { CacheBudget = CacheBudget, TempFolder = HostSettings.Of(host).TempFilePath },
        EarlyStopping = options.EarlyStoppingCriteria,
        WeightAverage = options.WeightAverage,
        MetricsCallback = options.MetricsCallback,
        Progress = options.Progress,
        CancellationToken = options.CancellationToken,
        OnCancel = options.OnCancel,
        CheckAlive = host.CheckAlive,
        Log = line => channel.Info(MessageSensitivity.None, line),
    };
}

/// <summary>The rows of a run, as the network takes them.</summary>
internal interface ITrainingData : IDisposable
{
    IExamples Train { get; }

    IExamples? Validation { get; }

    /// <summary>The rows given to train on, those too that were set aside to validate on.</summary>
    ILabelledRows Given { get; }

    /// <summary>The rows given to validate on; null where none were.</summary>
    ILabelledRows? GivenValidation { get; }

    /// <summary>Says how many rows there are, and which were left out.</summary>
    void Report(IChannel channel);
}

/// <summary>What comes of a run.</summary>
/// <param name="Classes">What the network tells apart.</param>
/// <param name="Network">In eval mode, on the device.</param>
/// <param name="Device">Where it is.</param>
/// <param name="Embedding">The column of what comes to the last layer; null for none.</param>
/// <param name="Facts">How it came about, for people to read.</param>
internal sealed record TrainedNetwork(LabelClasses Classes, nn.Module<Tensor, Tensor> Network, Device Device, EmbeddingColumn? Embedding, JsonObject Facts);
