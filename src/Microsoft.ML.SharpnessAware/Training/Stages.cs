using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The stages of a run: where the network is frozen at first, its last layer on features that are computed once; then the whole network.</summary>
internal sealed class Stages(nn.Module<Tensor, Tensor> network, TrainingPlan plan, IExamples train, IExamples? validation)
{
    readonly Stage _whole = new(new EpochSpan(FrozenEpochs(plan) + 1, plan.Epochs), network, plan.Sharpness, plan.Optimizer, plan.Steps, () => (train, validation), ownsExamples: false) { BuildTwin = plan.BuildTwin, Shares = plan.Shares };
    Stage? _frozen;

    /// <summary>The stage that an epoch, counted from 1, is of. What is after the run's end is of its last.</summary>
    public Stage At(int epoch) => plan.Frozen is { } frozen && Math.Min(epoch, plan.Epochs) <= FrozenEpochs(plan) ? _frozen ??= FrozenBy(frozen) : _whole;

    /// <exception cref="InvalidOperationException">Batch norm cannot learn from so few rows at once; the message names the layer and the option.</exception>
    public void CheckRows()
    {
        if (_whole.Epochs.Count > 0)
            BatchNormRows.Check(network, train, plan);
    }

    /// <exception cref="InvalidOperationException">An average of the weights keeps the learning rate where the schedule has it at 0.</exception>
    public void CheckLearningRate()
    {
        if (plan.WeightAverage?.ScheduledAt(plan.Epochs, plan.Epochs) is not { } held || held >= plan.Epochs)
            return;
        var epochs = At((int)held + 1).Epochs;
        if (plan.Schedule.FactorAt(epochs.Done(held), epochs.Count) == 0)
            throw CommonFault.Of(new InvalidOperationException(Invariant($"WeightAverage is {plan.WeightAverage}, which keeps the learning rate as it is after {held:0.##} of {plan.Epochs} epochs. {plan.Schedule} has it at 0 then, so that epochs {(int)held + 1} to {epochs.Last} would learn nothing. Set another Start or Schedule, or HoldsLearningRate to false.")));
    }

    /// <summary>Whether no other stage comes after that of this epoch.</summary>
    public bool IsLast(int epoch) => At(epoch).Epochs.Last == plan.Epochs;

    Stage FrozenBy(FrozenStart frozen)
    {
        using var tap = new FeatureTap(network, frozen.LastLayer);
        var head = tap.Head;
        var epochs = new EpochSpan(1, FrozenEpochs(plan));
        var optimizer = frozen.Optimizer ?? plan.Optimizer;
        return HasNothingToPerturb(head)
            ? new(epochs, head, new Plain(), optimizer, plan.Steps.With(steps => steps.PerturbedWeights = new AllWeights()), () => Features(frozen), ownsExamples: true) { Shares = plan.Shares }
            : new(epochs, head, plan.Sharpness, optimizer, plan.Steps, () => Features(frozen), ownsExamples: true) { Shares = plan.Shares };
    }

    (IExamples Train, IExamples? Validation) Features(FrozenStart frozen)
    {
        using var tap = new FeatureTap(network, frozen.LastLayer);
        var start = plan.Time.GetTimestamp();
        network.eval();
        var features = FeatureExamples.Of(train, tap, plan);
        try
        {
            var validated = validation is null ? null : FeatureExamples.Of(validation, tap, plan);
            plan.Log(Invariant($"{Which(frozen)} the last layer alone, '{frozen.LastLayer}', on what the layers before make of {train.Count + (validation?.Count ?? 0)} rows, computed once in {plan.Time.GetElapsedTime(start).TotalSeconds:0.0} s: nothing is augmented meanwhile."));
            return (features, validated);
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    string Which(FrozenStart frozen) => frozen.Epochs >= plan.Epochs ? "All epochs train" : frozen.Epochs == 1 ? "Epoch 1 trains" : $"Epochs 1 to {frozen.Epochs} train";

    static int FrozenEpochs(TrainingPlan plan) => Math.Min(plan.Frozen?.Epochs ?? 0, plan.Epochs);

    // The filter chooses weights of the layers that are frozen.
    bool HasNothingToPerturb(nn.Module head) => !Chooses(plan.Steps.PerturbedWeights, head) && Chooses(plan.Steps.PerturbedWeights, network);

    static bool Chooses(WeightFilter filter, nn.Module network) => new WeightLayout(network, []).Parameters.Any(parameter => filter.Includes(parameter.Block));
}

/// <summary>Epochs that follow each other, counted from 1.</summary>
internal readonly record struct EpochSpan(int First, int Last)
{
    public int Count => Last - First + 1;

    /// <summary>Whether this moment of the whole run, in epochs, is in one of them.</summary>
    public bool Has(double moment) => moment >= First - 1 && moment < Last;

    /// <summary>How many of them are done where so many of the whole run are.</summary>
    public double Done(double epochs) => Math.Max(0, epochs - (First - 1));
}

/// <summary>Examples as the last layer of a network sees them: what the layers before make of each in eval mode, computed once, without augmentation.</summary>
internal sealed class FeatureExamples : IExamples
{
    const int RowsAtOnce = 4096;

    readonly IExamples _examples;
    readonly long[] _shape;
    readonly ScalarType _type;
    readonly PixelCache _features;
    readonly long[] _labels;
    readonly float[]? _weights;

    FeatureExamples(IExamples examples, Tensor first, Target target, FrozenStart settings)
    {
        _examples = examples;
        (_shape, _type) = (first.shape[1..], first.dtype);
        _features = new PixelCache(checked((int)(first.bytes.Length / first.shape[0])), settings.CacheBudget, settings.TempFolder);
        _labels = new long[examples.Count];
        _weights = target.Weights is null ? null : new float[examples.Count];
    }

    public int Count => _examples.Count;

    /// <summary>Computes the features of all examples, which stay the caller's.</summary>
    /// <exception cref="InvalidOperationException">The network cannot be divided before its last layer.</exception>
    /// <exception cref="OperationCanceledException">The user or the host wants the run to end.</exception>
    public static FeatureExamples Of(IExamples examples, FeatureTap tap, TrainingPlan plan)
    {
        using var noGradients = no_grad();
        FeatureExamples? all = null;
        try
        {
            var batches = examples.Batches(plan.Steps.RowsPerPass ?? plan.BatchSize, shuffleSeed: null).ToArray();
            // The first batch says what features are like, and is every worker's.
            int[][] own = [.. batches.Where((_, number) => number == 0 || plan.Team.Owns(number))];
            examples.Fetch(own.Select(rows => new BatchPart(rows)));
            using var kept = KeptFeatures.Of(examples, batches, tap, plan);
            foreach (var (number, loaded) in Prefetch.Each(own, (_, rows) => examples.Load(rows, augmentationSeed: null)))
            {
                using var batch = loaded.MoveTo(plan.Device);
                plan.ThrowIfCancelled();
                using var scope = NewDisposeScope();
                var computed = number == 0 || kept is not { AreThere: true } ? Computed(batch.Inputs, tap, isFirst: number == 0) : null;
                if (number == 0)
                    kept?.Compare(own[0], computed!);
                var onCpu = kept?.Of(own[number]) ?? computed!;
                all ??= new FeatureExamples(examples, onCpu, batch.Targets[0], plan.Frozen!);
                all.Keep(own[number], onCpu, batch.Targets[0]);
            }
            all!.Share(batches, plan.Team);
            kept?.Write(all!);
            return all!;
        }
        catch
        {
            all?.Dispose();
            throw;
        }
    }

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed) => _examples.Batches(batchSize, shuffleSeed);

    public Batch Load(int[] rows, long? augmentationSeed, int[]? places) => Load(rows.At(places));

    Batch Load(int[] rows)
    {
        using var scope = NewDisposeScope();
        var features = empty([rows.Length, .. _shape], dtype: _type);
        var bytes = features.bytes;
        for (var i = 0; i < rows.Length; i++)
            _features.Read(rows[i], bytes.Slice(i * _features.RowSize, _features.RowSize));
        var target = new Target(Chosen(_labels, rows, values => tensor(values)), _weights is null ? null : Chosen(_weights, rows, values => tensor(values)));
        return new Batch(features.DetachFromDisposeScope(), [target]);
    }

    /// <summary>The features of all examples, in their order; the caller's.</summary>
    public Tensor All()
    {
        using var scope = NewDisposeScope();
        var all = empty([Count, .. _shape], dtype: _type);
        // .NET does not see more than 2 GiB of a tensor at once.
        foreach (var rows in Enumerable.Range(0, Count).Chunk(RowsAtOnce))
        {
            using var part = Load(rows);
            all.narrow(0, rows[0], rows.Length).copy_(part.Inputs);
        }
        return all.MoveToOuterDisposeScope();
    }

    public void AddTo(IncrementalHash hash) => _examples.AddTo(hash);

    /// <summary>Frees the features alone.</summary>
    public void Dispose() => _features.Dispose();

    static Tensor Computed(Tensor inputs, FeatureTap tap, bool isFirst)
    {
        var (features, logits) = tap.Forward(inputs);
        if (isFirst)
            tap.Check(features, logits);
        return features.cpu().contiguous();
    }

    // Each worker has computed its own.
    void Share(int[][] batches, Team team)
    {
        if (team.IsAlone)
            return;
        foreach (var (number, rows) in batches.Index())
        {
            using var batch = Load(rows);
            var target = batch.Targets[0];
            foreach (var part in new[] { batch.Inputs, target.Labels, target.Weights }.OfType<Tensor>())
                team.Broadcast(part, team.OwnerOf(number));
            Keep(rows, batch.Inputs, target);
        }
    }

    void Keep(int[] rows, Tensor features, Target target)
    {
        var bytes = features.bytes;
        for (var i = 0; i < rows.Length; i++)
            _features.Write(rows[i], bytes.Slice(i * _features.RowSize, _features.RowSize));
        Spread(target.Labels.cpu().data<long>().ToArray(), rows, _labels);
        if (_weights is not null)
            Spread(target.Weights!.cpu().data<float>().ToArray(), rows, _weights);
    }

    static Tensor Chosen<T>(T[] values, int[] rows, Func<T[], Tensor> toTensor) => toTensor(Array.ConvertAll(rows, row => values[row])).DetachFromDisposeScope();

    static void Spread<T>(T[] values, int[] rows, T[] into)
    {
        for (var i = 0; i < rows.Length; i++)
            into[rows[i]] = values[i];
    }
}

/// <summary>Epochs of a run that train the same: the whole network on the rows, or its last layer on what the layers before make of them.</summary>
/// <param name="epochs">Which epochs, counted from 1.</param>
/// <param name="network">What is trained.</param>
/// <param name="sharpness">How.</param>
/// <param name="optimizer">And with which optimizer.</param>
/// <param name="steps">Settings of a step.</param>
/// <param name="examples">On what; asked for when the first batch is.</param>
/// <param name="ownsExamples">Whether the examples are the stage's.</param>
internal sealed class Stage(EpochSpan epochs, nn.Module<Tensor, Tensor> network, SharpnessRule sharpness, BaseOptimizer optimizer, StepOptions steps, Func<(IExamples Train, IExamples? Validation)> examples, bool ownsExamples) : IDisposable
{
    readonly Lazy<(IExamples Train, IExamples? Validation)> _examples = new(examples, LazyThreadSafetyMode.None);

    public EpochSpan Epochs => epochs;

    /// <summary>Builds the network a second time, to compute passes in bfloat16; null for passes in float32.</summary>
    public Func<nn.Module<Tensor, Tensor>>? BuildTwin { get; init; }

    /// <summary>The workers that train together, and their parts of a batch; null for one alone.</summary>
    public BatchShares? Shares { get; init; }

    public nn.Module<Tensor, Tensor> Network => network;

    public BaseOptimizer Optimizer => optimizer;

    public IExamples Train => _examples.Value.Train;

    public IExamples? Validation => _examples.Value.Validation;

    /// <summary>A step that has nothing behind it.</summary>
    public SamTrainStep NewStep() => new(network, sharpness, optimizer, steps, BuildTwin?.Invoke(), Shares);

    public void Dispose()
    {
        if (!ownsExamples || !_examples.IsValueCreated)
            return;
        Train.Dispose();
        Validation?.Dispose();
    }
}
