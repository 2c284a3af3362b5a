using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware;

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
