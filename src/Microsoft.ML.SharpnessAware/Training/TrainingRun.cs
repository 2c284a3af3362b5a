using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware;

/// <summary>All that changes while a run goes on, so that a checkpoint can hold all of it.</summary>
internal sealed class TrainingRun : IDisposable
{
    const string Network = "network";
    const string Best = "best";
    const string Steps = "steps";
    const string Average = "average";

    readonly nn.Module _network;
    readonly TrainingPlan _plan;
    readonly Stages _stages;
    readonly int _rows;
    readonly KeptWeights _best;
    readonly KeptWeights? _average;
    SamTrainStep _step;
    EarlyStoppingWatch _watch;
    TrainingClock _clock;
    EpochMeter _meter = new();
    EpochMetrics? _last;
    int _bestEpoch;
    long _averaged;
    BatchPlace? _lastTaken;
    StepReport _report;

    public TrainingRun(nn.Module<Tensor, Tensor> network, TrainingPlan plan, IExamples train, IExamples? validation)
    {
        (_network, _plan) = (network, plan);
        _rows = train.Count;
        _stages = new Stages(network, plan, train, validation);
        _stages.CheckRows();
        _stages.CheckLearningRate();
        Stage = _stages.At(Epoch);
        _step = Stage.NewStep();
        _best = new KeptWeights(network);
        _average = plan.WeightAverage is { } average ? new KeptWeights(network, averagesBuffers: !average.RecomputesStatistics) : null;
        _watch = new EarlyStoppingWatch(plan.EarlyStopping);
        _clock = new TrainingClock(plan.Time);
    }

    /// <summary>The running epoch, counted from 1.</summary>
    public int Epoch { get; private set; } = 1;

    /// <summary>What the running epoch trains.</summary>
    public Stage Stage { get; private set; }

    /// <summary>Batches of the epoch that are done.</summary>
    public int Batch { get; private set; }

    /// <summary>Batches of all epochs that are done.</summary>
    public long Batches { get; private set; }

    /// <summary>Whether the network is the one that the run is for.</summary>
    public bool Finished { get; private set; }

    /// <summary>Whether there is nothing more to train.</summary>
    public bool IsOver => Finished || Epoch > _plan.Epochs || (_watch.ShouldStop && _stages.IsLast(Epoch)) || _last is { StopRequested: true };

    /// <summary>The rows of the running epoch, which a stage may have to compute first.</summary>
    public IExamples Rows()
    {
        var rows = Stage.Train;
        _clock.Begin();
        return rows;
    }

    /// <summary>What the workers wished for in the last step.</summary>
    public StepWishes Wishes => _report.Wishes;

    /// <summary>One step on the next batch, which belongs to it from here on.</summary>
    public void Step(LabelledBatch batch, StepMoment moment, bool endsEpoch)
    {
        var report = _report = _step.Run(batch, moment);
        _meter.Add(report, batch.Count, report.Hits, Stage.Optimizer.LearningRate * moment.LearningRateFactor);
        _clock.Advance(batch.Count);
        if (!report.Skipped)
            _lastTaken = new BatchPlace(Epoch, Batch);
        TakeIntoAverage(!report.Skipped, endsEpoch);
        Batch++;
        Batches++;
    }

    public TrainingProgress Progress(int batches) =>
        new(Epoch, _plan.Epochs, Batch, batches, _meter.Loss, _meter.PerturbedLoss, _meter.Accuracy, _clock.ExamplesPerSecond, Remaining, _report);

    /// <summary>Makes the network and its average the same on all workers.</summary>
    public void MakeAlike()
    {
        _plan.Team.MakeAlike(_network);
        if (_average is not null)
            _plan.Team.MakeAlike(_network, _average.Copies);
    }

    /// <summary>Gives the network the average, until what is returned is disposed of; null where there is none yet.</summary>
    public IDisposable? LendAverage() => _averaged > 0 ? _average?.Lend() : null;

    /// <summary>Keeps the network's weights if they are the best, and moves to the next epoch. Without validation those of the last epoch with a step that was taken are.</summary>
    public EpochMetrics EndEpoch(ValidationResult? validated)
    {
        var isBest = validated is null ? _meter.Sums.SkippedSteps < Batch : _watch.IsBest(validated);
        if (isBest)
        {
            _best.Take();
            _bestEpoch = Epoch;
        }
        _last = Metrics(validated, isBest);
        (Epoch, Batch, _meter) = (Epoch + 1, 0, new EpochMeter());
        return _last;
    }

    /// <summary>Begins the next stage, if the epoch is of another: the step and the patience of early stopping start again.</summary>
    public void EnterStage()
    {
        if (!GoToStage())
            return;
        _watch = new EarlyStoppingWatch(_plan.EarlyStopping, _watch.State with { Waited = 0 });
        _clock = new TrainingClock(_plan.Time, new ClockState { Elapsed = _clock.State.Elapsed });
    }

    /// <summary>Gives the network the best epoch's weights.</summary>
    /// <exception cref="InvalidOperationException">There is none: no epoch ended with a finite loss.</exception>
    public TrainingSummary Finish()
    {
        if (_bestEpoch == 0)
            throw Diverged();
        _best.Give();
        _network.eval();
        Finished = true;
        return new TrainingSummary(_last, Epoch - 1, _bestEpoch, $"Done. The model is that of epoch {_bestEpoch}.");
    }

    /// <summary>Gives the network the best epoch's weights where there is one, or those of this moment.</summary>
    public TrainingSummary Break(bool validates)
    {
        if (validates && _bestEpoch == 0 && Epoch > 1)
            throw Diverged();
        var lacksStatistics = _plan.WeightAverage is { RecomputesStatistics: true };
        var hasEpoch = _bestEpoch > 0 && (validates || (_averaged > 0 && lacksStatistics));
        if (hasEpoch)
            _best.Give();
        else if (_averaged > 0 && !lacksStatistics)
            _average?.Give();
        _network.eval();
        var model = hasEpoch ? $"that of epoch {_bestEpoch}, {(validates ? "the best so far" : "the last that ended")}" : "that of this moment";
        return new TrainingSummary(_last, Epoch - 1, hasEpoch ? _bestEpoch : null, $"Cancelled {Place}. The model is {model}.");
    }

    /// <summary>Where the run is, in words.</summary>
    public string Place => $"in epoch {Epoch}, after {Batch} of its batches";

    public RunState State() => new()
    {
        Identity = _plan.Identity,
        Seed = _plan.Seeds.Root,
        Finished = Finished,
        Epoch = Epoch,
        Batch = Batch,
        Batches = Batches,
        Step = _step.State,
        LastBatch = _step.HasLast ? _lastTaken : null,
        Sums = _meter.Sums,
        EarlyStopping = _watch.State,
        BestEpoch = _bestEpoch,
        Averaged = _averaged,
        Clock = _clock.State,
    };

    /// <summary>The tensors beside <see cref="State"/>, which are the run's own, or lie in the caller's scope. Of a finished run only the network is left.</summary>
    public Dictionary<string, Tensor> Tensors()
    {
        var network = _network.state_dict().Under(Network);
        var average = _average?.Copies.Under(Average) ?? [];
        return Finished ? network.ToDictionary() : network.Concat(_best.Copies.Under(Best)).Concat(average).Concat(_step.Kept().Under(Steps)).ToDictionary();
    }

    /// <summary>Goes on from there.</summary>
    /// <exception cref="FormatException">The tensors are not those of such a network.</exception>
    public void Load(RunState state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        SafeTensors.Copy(tensors.Of(Network), into: _network.state_dict());
        (Finished, Epoch, Batch, Batches) = (state.Finished, state.Epoch, state.Batch, state.Batches);
        _meter = new EpochMeter(state.Sums);
        _watch = new EarlyStoppingWatch(_plan.EarlyStopping, state.EarlyStopping);
        _clock = new TrainingClock(_plan.Time, state.Clock);
        _best.Load(tensors.Of(Finished ? Network : Best));
        (_bestEpoch, _averaged) = (state.BestEpoch, state.Averaged);
        if (Finished)
            return;
        _average?.Load(tensors.Of(Average));
        GoToStage();
        _step.Load(state.Step, tensors.Of(Steps), LastBatch(state.LastBatch));
    }

    public void Dispose()
    {
        _best.Dispose();
        _average?.Dispose();
        _step.Dispose();
        Stage.Dispose();
    }

    TimeSpan Remaining => _clock.TimeTo((long)Stage.Epochs.Count * _rows);

    InvalidOperationException Diverged() => CommonFault.Of(new InvalidOperationException(
        $"Training diverged: the loss was not finite at the end of {(Epoch == 2 ? "the only epoch" : $"each of the {Epoch - 1} epochs")}, so there are no weights to keep. Try a smaller learning rate or Rho, set ClipNorm, or look for inputs that are not finite."));

    void TakeIntoAverage(bool stepTaken, bool epochEnds)
    {
        var share = _plan.WeightAverage?.ShareOf(new AverageMoment(_averaged, stepTaken, Epoch, epochEnds, _plan.Epochs)) ?? 0;
        if (share == 0)
            return;
        _average?.Take(share);
        _averaged++;
    }

    bool GoToStage()
    {
        var stage = _stages.At(Epoch);
        if (stage == Stage)
            return false;
        _step.Dispose();
        Stage.Dispose();
        Stage = stage;
        _step = stage.NewStep();
        return true;
    }

    LabelledBatch? LastBatch(BatchPlace? place)
    {
        _lastTaken = place;
        return place is { } last ? new EpochBatches(Stage.Train, _plan, last.Epoch).Load(last.Index) : null;
    }

    EpochMetrics Metrics(ValidationResult? validated, bool isBest) => new()
    {
        Epoch = Epoch,
        Epochs = _plan.Epochs,
        Loss = _meter.Loss,
        PerturbedLoss = _meter.PerturbedLoss,
        TrainAccuracy = _meter.Accuracy,
        GradientNorm = _meter.GradientNorm,
        EpsilonNorm = _meter.EpsilonNorm,
        Cosine = _meter.Cosine,
        Passes = _meter.Passes,
        ValidationLoss = validated?.Loss,
        ValidationAccuracy = validated?.Accuracy,
        ValidationMacroAccuracy = validated?.MacroAccuracy,
        LearningRate = _meter.Sums.LearningRate,
        SkippedSteps = _meter.Sums.SkippedSteps,
        IsBest = isBest,
        ExamplesPerSecond = _clock.ExamplesPerSecond,
        Elapsed = _clock.State.Elapsed,
        Remaining = Remaining,
        RemainingTo = Stage.Epochs.Last,
    };
}

/// <summary>Where a batch is in a run: its epoch, counted from 1, and its number there, counted from 0.</summary>
internal readonly record struct BatchPlace(int Epoch, int Index);

/// <summary>All of a run that a checkpoint must hold, but the tensors. Random state is not among it: all that is random follows from the seed.</summary>
internal sealed record RunState
{
    /// <summary>What the run is of, as <see cref="TrainingPlan.Identity"/> says.</summary>
    public required JsonObject Identity { get; init; }

    public required long Seed { get; init; }

    /// <summary>Whether the network is the one that the run was for.</summary>
    public required bool Finished { get; init; }

    /// <summary>The running epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches of the epoch that are done.</summary>
    public required int Batch { get; init; }

    /// <summary>Batches of all epochs that are done.</summary>
    public required long Batches { get; init; }

    public required StepState Step { get; init; }

    /// <summary>The batch of the last step that was taken, if the rule wants to see it again.</summary>
    public BatchPlace? LastBatch { get; init; }

    public required EpochSums Sums { get; init; }

    public required EarlyStoppingState EarlyStopping { get; init; }

    public required int BestEpoch { get; init; }

    /// <summary>How often the average of the weights has taken them in.</summary>
    public long Averaged { get; init; }

    public required ClockState Clock { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="Last">The metrics of the last epoch that ended; null if none did since the run began or went on from a checkpoint.</param>
/// <param name="Epochs">The epochs that ended.</param>
/// <param name="BestEpoch">The epoch whose weights the network has, counted from 1; null for those of no epoch's end.</param>
/// <param name="Ending">The same in words.</param>
internal sealed record TrainingSummary(EpochMetrics? Last, int Epochs, int? BestEpoch, string Ending);
