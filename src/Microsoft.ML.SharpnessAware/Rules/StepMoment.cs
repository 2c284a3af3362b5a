namespace Microsoft.ML.SharpnessAware;

/// <summary>When a step happens, and what the schedules say then.</summary>
internal readonly record struct StepMoment
{
    public StepMoment() { }

    /// <summary>The seed of all that is random in the step.</summary>
    public required long Seed { get; init; }

    /// <summary>What the optimizers' learning rates are multiplied by.</summary>
    public double LearningRateFactor { get; init; } = 1;

    /// <summary>What radii are multiplied by.</summary>
    public double RhoFactor { get; init; } = 1;

    /// <summary>Epochs done, with the fraction of the running one.</summary>
    public double Epoch { get; init; }

    /// <summary>Epochs of the whole run.</summary>
    public int Epochs { get; init; } = 1;
}
