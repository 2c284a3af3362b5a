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

    public double LabelSmoothing { get; init; }

    public StepSettings Steps { get; init; } = new();

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

    /// <summary>What the run is of: data, network and options. A checkpoint goes on only where all of it is the same.</summary>
    public JsonObject Identity { get; init; } = [];

    /// <summary>Called before each step; throws when the host wants the run to end.</summary>
    public Action CheckAlive { get; init; } = () => { };

    public Action<string> Log { get; init; } = _ => { };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What learning rates are multiplied by after so many epochs.</summary>
    public double LearningRateFactorAt(double epoch) => Schedule.FactorAt(WeightAverage?.ScheduledAt(epoch, Epochs) ?? epoch, Epochs);

    /// <exception cref="OperationCanceledException">The user or the host wants the run to end.</exception>
    public void ThrowIfCancelled()
    {
        CancellationToken.ThrowIfCancellationRequested();
        CheckAlive();
    }
}
