using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How every trainer gets from data to a model: checks, rows, network, run. What rows and networks are is for each kind to say.</summary>
internal abstract class ClassifierTraining<TOptions, TData, TModel>(IHost host, TOptions options)
    where TOptions : SamTrainerOptions
    where TData : ITrainingData
{
    protected IHost Host { get; } = host;

    protected TOptions Options { get; } = options;

    /// <summary>The columns after training, for an input with the given columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape OutputSchema(SchemaShape inputSchema)
    {
        var label = CheckedLabel(inputSchema);
        if (Options.ExampleWeightColumnName is { } weight)
            ClassifierSchema.CheckWeight(inputSchema, weight, Host);

        var columns = inputSchema.ToDictionary(column => column.Name);
        var score = ClassifierSchema.PromisedScore(Options.ScoreColumnName, label);
        var predictedLabel = ClassifierSchema.PromisedPredictedLabel(Options.PredictedLabelColumnName, label);
        foreach (var column in PromisesScoreFirst ? [score, predictedLabel] : (SchemaShape.Column[])[predictedLabel, score])
            columns[column.Name] = column;
        if (Options.EmbeddingColumnName is { } embedding)
            columns[embedding] = ClassifierSchema.PromisedEmbedding(embedding);
        return new SchemaShape(columns.Values);
    }

    /// <summary>Trains on the first data and validates on the second; if it is null, on a part of the first.</summary>
    public TModel Run(IDataView trainData, IDataView? validationData) => MlNetErrors.Marked(Host, () => Train(trainData, validationData));

    /// <summary>Takes the first steps of a run at learning rates that grow.</summary>
    public LearningRateCurve FindLearningRate(IDataView trainData, LearningRateSweep sweep) => MlNetErrors.Marked(Host, () => Sweep(trainData, sweep));

    TModel Train(IDataView trainData, IDataView? validationData)
    {
        var classes = CheckedClasses(trainData, validationData);
        using var channel = Host.Start("Training");
        var device = Libtorch.OpenToTrain(Host, channel);
        Bfloat16Support.Require(Options.Precision, device);
        using var checkpoints = OpenCheckpoints(channel);
        using var logs = new EpochLogs(Options.LogSinks, line => channel.Warning(MessageSensitivity.None, line));

        using var setup = SetUp(device, classes, trainData, validationData, (int?)checkpoints?.Seed);
        setup.Data.Report(channel);
        var data = setup.Data;
        var recipe = ChooseSettings(channel, data);
        channel.Info(MessageSensitivity.None, $"Training {data.Network} with {Options.Sharpness} and {recipe.Optimizer} on {device}, seed {setup.Seed}.");
        if (recipe.FreezeBackboneEpochs > 0 && !data.Network.StartsTrained)
            channel.Warning(MessageSensitivity.None, $"FreezeBackboneEpochs is {recipe.FreezeBackboneEpochs}, but {data.Network} starts from fresh weights, so that the layers to be frozen have learned nothing. Give the network trained weights, or set FreezeBackboneEpochs to 0.");

        var (network, settings) = (BuildNetwork(channel, setup), WithNetwork(data, recipe.In(Options)));
        try
        {
            var embedding = Options.EmbeddingColumnName is { } name ? new EmbeddingColumn(name, EmbeddingSize(network.to(device), data, device)) : null;
            var plan = Plan(channel, setup, recipe) with { Logs = logs, Identity = checkpoints is null ? [] : RunIdentity.Of(settings, classes.Names, data.Given, data.GivenValidation) };
            var summary = new Trainer(network, plan, checkpoints).Run(data.Train, data.Validation);
            channel.Info(MessageSensitivity.None, summary.Ending);
            return Finish(data, new TrainedNetwork(classes, network, device, embedding, TrainingFacts.Of(settings, setup.Seed, data.Train.Count, summary)));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    LearningRateCurve Sweep(IDataView trainData, LearningRateSweep sweep)
    {
        var classes = CheckedClasses(trainData, Options.ValidationSet);
        if (Options.Optimizer is { LearningRate: 0 })
            throw Host.ExceptUserArg("options", "The LearningRate of Optimizer must be more than 0 to look for another, as those of ParameterGroups are changed by the same factor.");
        using var channel = Host.Start(nameof(FindLearningRate));
        var device = Libtorch.OpenToTrain(Host, channel);
        Bfloat16Support.Require(Options.Precision, device);

        using var setup = SetUp(device, classes, trainData, Options.ValidationSet, seedOfCheckpoint: null);
        setup.Data.Report(channel);
        var recipe = ChooseSettings(channel, setup.Data);
        channel.Info(MessageSensitivity.None, $"Trying learning rates with {setup.Data.Network}, {Options.Sharpness} and {recipe.Optimizer} on {device}, seed {setup.Seed}: {sweep}.");

        using var network = BuildNetwork(channel, setup);
        var curve = new LearningRateFinder(network, Plan(channel, setup, recipe), sweep).Run(setup.Data.Train);
        channel.Info(MessageSensitivity.None, $"{curve}");
        return curve;
    }

    /// <summary>Whether Score comes before PredictedLabel among the promised columns, as it does with ML.NET's own trainer of the kind. What is delivered has one order.</summary>
    protected abstract bool PromisesScoreFirst { get; }

    /// <summary>Bytes of what is cached in memory.</summary>
    protected abstract long CacheBudget { get; }

    /// <summary>What to choose where a run takes long, as a part of a sentence.</summary>
    protected abstract string FasterChoices(TData data);

    /// <summary>The settings that suit the network and the rows, for those that the options leave open.</summary>
    protected abstract Recipe RecipeFor(TData data);

    /// <summary>Options in which the network is the one that was chosen.</summary>
    protected virtual SamTrainerOptions WithNetwork(TData data, SamTrainerOptions options) => options;

    /// <summary>Parameters with an optimizer of their own, where all others have this one.</summary>
    protected virtual IReadOnlyList<ParameterGroup> Groups(BaseOptimizer optimizer) => Options.ParameterGroups;

    /// <exception cref="ArgumentOutOfRangeException">A column of the network's inputs is missing or of the wrong type.</exception>
    protected abstract void CheckInput(SchemaShape inputSchema);

    /// <summary>Reads all rows, once, after the files that the network starts from have been checked.</summary>
    /// <exception cref="InvalidOperationException">The rows cannot be learned from, or those files are missing, or not of the network.</exception>
    protected abstract TData Load(IDataView trainData, IDataView? validationData, LabelClasses classes, Seeds seeds, Device device);

    /// <summary>A network for such rows, as it is before training. What is worth a line of the log goes there.</summary>
    protected abstract nn.Module<Tensor, Tensor> Build(TData data, int classes, Action<string> log);

    /// <summary>The model, which owns the network.</summary>
    protected abstract TModel Finish(TData data, TrainedNetwork trained);

    /// <exception cref="OperationCanceledException">The user or the host wants the run to end.</exception>
    protected void CheckAlive()
    {
        Options.CancellationToken.ThrowIfCancellationRequested();
        Host.CheckAlive();
    }

    SchemaShape.Column CheckedLabel(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        CheckInput(inputSchema);
        return ClassifierSchema.LabelIn(inputSchema, Options.LabelColumnName, Host);
    }

    LabelClasses CheckedClasses(IDataView trainData, IDataView? validationData)
    {
        Host.CheckValue(trainData, nameof(trainData));
        OutputSchema(SchemaShape.Create(trainData.Schema));
        var classes = LabelClasses.Of(trainData.Schema[Options.LabelColumnName]);
        classes.CheckKnown(Options.ClassWeights?.Keys ?? [], nameof(Options.ClassWeights), Options.LabelColumnName);
        if (validationData is null)
            return classes;
        CheckedLabel(SchemaShape.Create(validationData.Schema));
        classes.CheckSame(LabelClasses.Of(validationData.Schema[Options.LabelColumnName]), Options.LabelColumnName);
        return classes;
    }

    // Before training: a network that has none is to be refused at once.
    static int EmbeddingSize(nn.Module<Tensor, Tensor> network, TData data, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var tap = new FeatureTap(network, data.Network.NameOfLastLayer);
        using var batch = data.Train.Load([0], augmentationSeed: null).MoveTo(device);
        network.eval();
        return (int)tap.Forward(batch.Inputs).Features.numel();
    }

    TrainingSetup<TData> SetUp(Device device, LabelClasses classes, IDataView trainData, IDataView? validationData, int? seedOfCheckpoint)
    {
        var seed = Options.Seed ?? HostSettings.Of(Host).Seed ?? seedOfCheckpoint ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        return new TrainingSetup<TData>(device, classes, seed, Options.Threads, seeds => Load(trainData, validationData, classes, seeds, device));
    }

    Recipe ChooseSettings(IChannel channel, TData data)
    {
        var recipe = RecipeFor(data).For(Options);
        if (recipe.ChosenIn(Options) is { } chosen)
            channel.Info(MessageSensitivity.None, $"Chosen for {data.Network} and {data.Train.Count} rows: {chosen}.");
        return recipe;
    }

    nn.Module<Tensor, Tensor> BuildNetwork(IChannel channel, TrainingSetup<TData> setup)
    {
        Seeds.SeedGlobalGenerator(setup.Seeds.For("weights"));
        return ChannelsLast.Arrange(Build(setup.Data, setup.Classes.Count, line => channel.Info(MessageSensitivity.None, line)));
    }

    nn.Module<Tensor, Tensor> BuildTwin(TrainingSetup<TData> setup) => ChannelsLast.Arrange(Build(setup.Data, setup.Classes.Count, _ => { })).to(setup.Device);

    Checkpoints? OpenCheckpoints(IChannel channel) => Options.Checkpoints() is { } settings
        ? new(settings, line => channel.Info(MessageSensitivity.None, line), line => channel.Warning(MessageSensitivity.None, line))
        : null;

    TrainingPlan Plan(IChannel channel, TrainingSetup<TData> setup, Recipe recipe) => new()
    {
        Sharpness = Options.Sharpness,
        Optimizer = recipe.Optimizer,
        Schedule = recipe.Schedule,
        Epochs = recipe.Epoch,
        BatchSize = recipe.BatchSize,
        Seeds = setup.Seeds,
        Device = setup.Device,
        LabelSmoothing = Options.LabelSmoothing,
        RhoSchedule = Options.RhoSchedule,
        BuildTwin = Options.Precision == Precision.BFloat16 ? () => BuildTwin(setup) : null,
        Steps = Options.With(steps => steps.ParameterGroups = Groups(recipe.Optimizer)),
        Frozen = recipe.FreezeBackboneEpochs == 0 ? null : new(recipe.FreezeBackboneEpochs, setup.Data.Network.NameOfLastLayer, recipe.HeadOptimizer) { CacheBudget = CacheBudget, TempFolder = HostSettings.Of(Host).TempFilePath, FeatureFolder = Options.FeatureFolder },
        EarlyStopping = Options.EarlyStoppingCriteria,
        WeightAverage = Options.WeightAverage,
        MetricsCallback = Options.MetricsCallback,
        Progress = Options.Progress,
        CancellationToken = Options.CancellationToken,
        OnCancel = Options.OnCancel,
        CheckAlive = Host.CheckAlive,
        Log = line => channel.Info(MessageSensitivity.None, line),
        Warn = line => channel.Warning(MessageSensitivity.None, line),
        AdviceOnLongRuns = $"To be done sooner, set a smaller Epoch, {FasterChoices(setup.Data)}, or compute on a GPU (the MLContext's GpuDeviceId). Plain in place of {Options.Sharpness} takes one pass a step.",
    };
}

/// <summary>The rows of a run, as the network takes them.</summary>
internal interface ITrainingData : IDisposable
{
    /// <summary>What is trained on them.</summary>
    ITrainableNetwork Network { get; }

    IExamples Train { get; }

    IExamples? Validation { get; }

    /// <summary>The rows given to train on, those too that were set aside to validate on.</summary>
    ILabelledRows Given { get; }

    /// <summary>The rows given to validate on; null where none were.</summary>
    ILabelledRows? GivenValidation { get; }

    /// <summary>Says how many rows there are, and which were left out.</summary>
    void Report(IChannel channel);
}

/// <summary>What a run begins with. Disposing of it gives back the process's number of threads and its generator, and the rows.</summary>
internal sealed class TrainingSetup<TData> : IDisposable
    where TData : ITrainingData
{
    readonly IDisposable _threads;
    readonly IDisposable _random;

    public TrainingSetup(Device device, LabelClasses classes, int seed, int threads, Func<Seeds, TData> load)
    {
        (Device, Classes, Seed, Seeds) = (device, classes, seed, new Seeds(seed));
        _threads = LibtorchThreads.Borrow(threads);
        _random = Seeds.BorrowGlobalGenerator();
        try
        {
            Data = load(Seeds);
        }
        catch
        {
            GiveBack();
            throw;
        }
    }

    public Device Device { get; }

    public LabelClasses Classes { get; }

    public int Seed { get; }

    public Seeds Seeds { get; }

    public TData Data { get; }

    public void Dispose()
    {
        Data.Dispose();
        GiveBack();
    }

    void GiveBack()
    {
        _random.Dispose();
        _threads.Dispose();
    }
}

/// <summary>What comes of a run.</summary>
/// <param name="Classes">What the network tells apart.</param>
/// <param name="Network">In eval mode, on the device.</param>
/// <param name="Device">Where it is.</param>
/// <param name="Embedding">The column of what comes to the last layer; null for none.</param>
/// <param name="Facts">How it came about, for people to read.</param>
internal sealed record TrainedNetwork(LabelClasses Classes, nn.Module<Tensor, Tensor> Network, Device Device, EmbeddingColumn? Embedding, JsonObject Facts);
