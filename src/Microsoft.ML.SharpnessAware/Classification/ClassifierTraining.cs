using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How every trainer gets from data to a model: checks, rows, network, run. What rows and networks are is for each kind to say.</summary>
internal abstract class ClassifierTraining<TOptions, TRows, TData, TModel>(IHost host, TOptions options)
    where TOptions : SamTrainerOptions
    where TRows : class, IDivisibleRows<TRows>
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
        using var start = Start("Training", trainData, validationData);
        using var checkpoints = start.Team.Prepare(() => OpenCheckpoints(start));
        checkpoints?.Share();
        using var logs = start.Team.Prepare(() => new EpochLogs(start.Team.Leads ? Options.LogSinks : [], start.Warn));
        var seed = SeedOf(start.Team, checkpoints?.Seed);

        using var run = Prepare(start, seed, trainData, validationData, (data, recipe) => $"Training {data.Network} with {Options.Sharpness} and {recipe.Optimizer} on {start.Device}, seed {seed}.");
        var (data, settings) = (run.Setup.Data, WithNetwork(run.Setup.Data, run.Recipe.In(Options)));
        var embedding = Options.EmbeddingColumnName is { } name ? new EmbeddingColumn(name, EmbeddingSize(run.Network.to(start.Device), data, start.Device)) : null;
        JsonObject identity = checkpoints is null && start.Team.IsAlone ? [] : start.Team.Prepare(() => RunIdentity.Of(settings, start.Classes.Names, data));
        start.Team.CheckAlike(identity);

        var plan = run.Plan with { Logs = logs, Identity = identity };
        var summary = start.Team.Train(() => new Trainer(run.Network, plan, checkpoints).Run(data.Train, data.Validation));
        start.Say(summary.Ending);
        var model = Finish(data, new TrainedNetwork(start.Classes, run.Network, start.Device, embedding, TrainingFacts.Of(settings, seed, data.Train.Count, summary)));
        run.IsTaken = true;
        return model;
    }

    LearningRateCurve Sweep(IDataView trainData, LearningRateSweep sweep)
    {
        if (Options.Optimizer is { LearningRate: 0 })
            throw Host.ExceptUserArg("options", "The LearningRate of Optimizer must be more than 0 to look for another, as those of ParameterGroups are changed by the same factor.");
        using var start = Start(nameof(FindLearningRate), trainData, Options.ValidationSet);
        var seed = SeedOf(start.Team, ofCheckpoint: null);

        using var run = Prepare(start, seed, trainData, Options.ValidationSet, (data, recipe) => $"Trying learning rates with {data.Network}, {Options.Sharpness} and {recipe.Optimizer} on {start.Device}, seed {seed}: {sweep}.");
        if (!start.Team.IsAlone)
            start.Team.CheckAlike(RunIdentity.Of(run.Recipe.In(Options), start.Classes.Names, run.Setup.Data));
        var curve = start.Team.Train(() => new LearningRateFinder(run.Network, run.Plan, sweep).Run(run.Setup.Data.Train));
        start.Say($"{curve}");
        return curve;
    }

    // All that can be found out before rows are read.
    RunStart Start(string purpose, IDataView trainData, IDataView? validationData)
    {
        var team = Team.Of(Options.Workers);
        var classes = team.Prepare(() => CheckedClasses(trainData, validationData));
        if (!team.IsAlone)
            team.CheckAlike(RunIdentity.OfWorker(Options, HostSettings.Of(Host).Seed, validationData is not null));
        return team.Prepare(() => RunStart.Of(Host, purpose, team, classes, Options.Precision));
    }

    PreparedRun<TData> Prepare(RunStart start, int seed, IDataView trainData, IDataView? validationData, Func<TData, Recipe, string> announcement)
    {
        var setup = new TrainingSetup<TData>(seed, Options.Threads, seeds => Load(start, trainData, validationData, seeds));
        try
        {
            var (recipe, plan) = start.Team.Prepare(() => Plan(start, setup, announcement));
            return new(setup, recipe, plan, start.Team.Prepare(() => BuildNetwork(start, setup)));
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    TData Load(RunStart start, IDataView trainData, IDataView? validationData, Seeds seeds)
    {
        var rows = start.Team.Prepare(() => Read(trainData, validationData, start));
        try
        {
            var shared = start.Team.Train(() => rows.SharedBy(start.Team));
            if (!start.Team.IsAlone)
                start.Team.CheckAlike(RunIdentity.OfRows(shared.Training, shared.Validation));
            return start.Team.Prepare(() => Arrange(RunRows<TRows>.Of(shared, start.Classes, Options, seeds), start));
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    (Recipe, TrainingPlan) Plan(RunStart start, TrainingSetup<TData> setup, Func<TData, Recipe, string> announcement)
    {
        setup.Data.Report(start.Channel);
        var recipe = ChooseSettings(start, setup.Data);
        start.Say(announcement(setup.Data, recipe));
        var plan = Plan(start, setup, recipe);
        if (plan.Shares.Busy is var busy && busy < start.Team.Count)
            start.Warn($"{start.Team.Count - busy} of {start.Team.Count} workers have nothing to do: a batch of {plan.BatchSize} rows{(Options.MicroBatch is { } rows ? $", with {rows} rows to a perturbation," : "")} has parts for {busy}. Take a larger BatchSize{(Options.MicroBatch is null ? "" : ", a smaller MicroBatch")} or fewer workers.");
        if (recipe.FreezeBackboneEpochs > 0 && !setup.Data.Network.StartsTrained)
            start.Warn($"FreezeBackboneEpochs is {recipe.FreezeBackboneEpochs}, but {setup.Data.Network} starts from fresh weights, so that the layers to be frozen have learned nothing. Give the network trained weights, or set FreezeBackboneEpochs to 0.");
        return (recipe, plan);
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

    /// <summary>Reads all rows, once, after the files that the network starts from have been checked; of several workers, each its own rows.</summary>
    /// <exception cref="InvalidOperationException">The rows cannot be used, or those files are missing, or not of the network.</exception>
    protected abstract GivenRows<TRows> Read(IDataView trainData, IDataView? validationData, RunStart start);

    /// <summary>The rows as the network takes them, which belong to what is returned.</summary>
    protected abstract TData Arrange(RunRows<TRows> rows, RunStart start);

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
        using var batch = data.Train.LoadFirst().MoveTo(device);
        network.eval();
        return (int)tap.Forward(batch.Inputs).Features.numel();
    }

    // One that is drawn is the first worker's.
    int SeedOf(Team team, long? ofCheckpoint) => (int)team.Lead(Options.Seed ?? HostSettings.Of(Host).Seed ?? (int?)ofCheckpoint ?? RandomNumberGenerator.GetInt32(int.MaxValue));

    Recipe ChooseSettings(RunStart start, TData data)
    {
        var recipe = RecipeFor(data).For(Options);
        if (recipe.ChosenIn(Options) is { } chosen)
            start.Say($"Chosen for {data.Network} and {data.Train.Count} rows: {chosen}.");
        return recipe;
    }

    nn.Module<Tensor, Tensor> BuildNetwork(RunStart start, TrainingSetup<TData> setup)
    {
        Seeds.SeedGlobalGenerator(setup.Seeds.For("weights"));
        return ChannelsLast.Arrange(Build(setup.Data, start.Classes.Count, start.Say));
    }

    nn.Module<Tensor, Tensor> BuildTwin(RunStart start, TrainingSetup<TData> setup) => ChannelsLast.Arrange(Build(setup.Data, start.Classes.Count, _ => { })).to(start.Device);

    Checkpoints? OpenCheckpoints(RunStart start) => Options.Checkpoints() is { } settings ? new(settings, start.Say, start.Warn, start.Team) : null;

    TrainingPlan Plan(RunStart start, TrainingSetup<TData> setup, Recipe recipe) => new()
    {
        Sharpness = Options.Sharpness,
        Optimizer = recipe.Optimizer,
        Schedule = recipe.Schedule,
        Epochs = recipe.Epoch,
        BatchSize = recipe.BatchSize,
        Seeds = setup.Seeds,
        Device = start.Device,
        Team = start.Team,
        LabelSmoothing = Options.LabelSmoothing,
        RhoSchedule = Options.RhoSchedule,
        BuildTwin = Options.Precision == Precision.BFloat16 ? () => BuildTwin(start, setup) : null,
        Steps = Options.With(steps => steps.ParameterGroups = Groups(recipe.Optimizer)),
        Frozen = recipe.FreezeBackboneEpochs == 0 ? null : new(recipe.FreezeBackboneEpochs, setup.Data.Network.NameOfLastLayer, recipe.HeadOptimizer) { CacheBudget = CacheBudget, TempFolder = HostSettings.Of(Host).TempFilePath, FeatureFolder = Options.FeatureFolder },
        EarlyStopping = Options.EarlyStoppingCriteria,
        WeightAverage = Options.WeightAverage,
        MetricsCallback = start.Team.Leads ? Options.MetricsCallback : null,
        Progress = start.Team.Leads ? Options.Progress : null,
        CancellationToken = Options.CancellationToken,
        OnCancel = Options.OnCancel,
        CheckAlive = Host.CheckAlive,
        Log = start.Say,
        Warn = start.Warn,
        AdviceOnLongRuns = $"To be done sooner, set a smaller Epoch, {FasterChoices(setup.Data)}, or compute on a GPU (the MLContext's GpuDeviceId). Plain in place of {Options.Sharpness} takes one pass a step.",
    };
}
