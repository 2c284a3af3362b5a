using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware;

/// <summary>All that a run is told; nothing in it changes.</summary>
internal sealed record TrainingPlan
{
    public required SharpnessRule Sharpness { get; init; }

    public required BaseOptimizer Optimizer { get; init; }

    public required Schedule Schedule { get; init; }

    /// <summary>What radii are multiplied by over the run.</summary>
    public Schedule RhoSchedule { get; init; } = new ConstantSchedule();

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required Seeds Seeds { get; init; }

    public required Device Device { get; init; }

    /// <summary>The workers that train together.</summary>
    public Team Team { get; init; } = Team.Alone;

    /// <summary>Which rows of a batch are whose.</summary>
    public BatchShares Shares => new(Team, BatchSize, Steps.MicroBatch);

    public double LabelSmoothing { get; init; }

    public StepOptions Steps { get; init; } = new StepSettings();

    /// <summary>Builds the network a second time, on the device, to compute passes in bfloat16; null for passes in float32.</summary>
    public Func<nn.Module<Tensor, Tensor>>? BuildTwin { get; init; }

    /// <summary>The beginning in which the last layer alone is trained; null for none.</summary>
    public FrozenStart? Frozen { get; init; }

    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>The average that the model has in place of the last weights; null for none.</summary>
    public WeightAverage? WeightAverage { get; init; }

    public Action<EpochMetrics>? MetricsCallback { get; init; }

    /// <summary>Where each epoch is written down; null for nowhere.</summary>
    public EpochLogs? Logs { get; init; }

    public IProgress<TrainingProgress>? Progress { get; init; }

    public CancellationToken CancellationToken { get; init; }

    public CancelBehavior OnCancel { get; init; }

    /// <summary>What the run is of: data, network and options. A checkpoint is resumed only where all of it is the same.</summary>
    public JsonObject Identity { get; init; } = [];

    /// <summary>Called before each step; throws when the host wants the run to end.</summary>
    public Action CheckAlive { get; init; } = () => { };

    public Action<string> Log { get; init; } = _ => { };

    public Action<string> Warn { get; init; } = _ => { };

    /// <summary>What to choose where a run on the CPU is going to take long; null for nothing.</summary>
    public string? AdviceOnLongRuns { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The moment before a batch, counted from 0, of an epoch of so many, counted from 1. Learning rate and radius follow their schedules over the stage that the epoch is of; all else sees the whole run.</summary>
    public StepMoment MomentOf(int batch, int batches, int epoch, EpochSpan stage)
    {
        var done = epoch - 1 + (double)batch / batches;
        var scheduled = WeightAverage?.ScheduledAt(done, Epochs) ?? done;
        return new StepMoment
        {
            Seed = Seeds.For("step", epoch, batch),
            Epoch = done,
            Epochs = Epochs,
            LearningRateFactor = Schedule.FactorAt(stage.Done(stage.Has(scheduled) ? scheduled : done), stage.Count),
            RhoFactor = RhoSchedule.FactorAt(stage.Done(done), stage.Count),
        };
    }

    /// <exception cref="OperationCanceledException">The user or the host wants the run to end, and no other worker waits for this one.</exception>
    public void ThrowIfCancelled()
    {
        if (Team.IsAlone)
            ThrowIfCancelledHere();
    }

    /// <summary>As <see cref="ThrowIfCancelled()"/>; where there are several workers, on all of them as soon as one is cancelled. Each has to call it.</summary>
    /// <exception cref="OperationCanceledException">The user or the host wants the run to end.</exception>
    public void ThrowIfAnyIsCancelled()
    {
        if (Team.IsAlone)
            ThrowIfCancelledHere();
        else
            ThrowIfCancelled(Team.Any(IsCancelled));
    }

    /// <summary>Whether the user or the host wants the run to end.</summary>
    public bool IsCancelled
    {
        get
        {
            try
            {
                ThrowIfCancelledHere();
                return false;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        }
    }

    /// <exception cref="OperationCanceledException">It is.</exception>
    public static void ThrowIfCancelled(bool isCancelled)
    {
        if (isCancelled)
            throw CommonFault.Of(new OperationCanceledException("The run was cancelled."));
    }

    void ThrowIfCancelledHere()
    {
        CancellationToken.ThrowIfCancellationRequested();
        CheckAlive();
    }
}

/// <summary>What happens when a run is cancelled.</summary>
public enum CancelBehavior
{
    /// <summary>An <see cref="OperationCanceledException"/>, and no model.</summary>
    Throw,

    /// <summary>A model with the weights of the best epoch so far, or with the current weights if no epoch has ended or there is no validation data.</summary>
    KeepBest,
}

/// <summary>Where a run's checkpoints lie, and when they are written.</summary>
/// <param name="Folder">The folder, for this run alone.</param>
/// <param name="EveryEpochs">Epochs between two.</param>
/// <param name="Every">The most time between two; null for any.</param>
internal sealed record CheckpointSettings(string Folder, int EveryEpochs = 1, TimeSpan? Every = null)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>The beginning of a run in which the last layer alone is trained.</summary>
/// <param name="Epochs">How many epochs it takes; as many as the run has, or more, for all of them.</param>
/// <param name="LastLayer">What the network calls the layer.</param>
/// <param name="Optimizer">What trains it; null for the optimizer of the whole network.</param>
internal sealed record FrozenStart(int Epochs, string LastLayer, BaseOptimizer? Optimizer = null)
{
    /// <summary>Bytes of features to hold in memory; what is more goes to temporary files.</summary>
    public long CacheBudget { get; init; } = long.MaxValue;

    public string TempFolder { get; init; } = Path.GetTempPath();

    /// <summary>Where features are kept for the next run; null for nowhere.</summary>
    public string? FeatureFolder { get; init; }
}
