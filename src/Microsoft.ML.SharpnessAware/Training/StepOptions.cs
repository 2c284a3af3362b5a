namespace Microsoft.ML.SharpnessAware;

/// <summary>Settings of a training step, for all rules.</summary>
public abstract class StepOptions
{
    private protected StepOptions() { }

    /// <summary>The parameters that are perturbed, and whose gradient counts in the norm that ρ is measured in. <see cref="AllWeights"/> by default.</summary>
    public WeightFilter PerturbedWeights = new AllWeights();

    /// <summary>Parameters with an optimizer of their own in place of the trainer's; the first group that includes a parameter has it. None by default.</summary>
    public IReadOnlyList<ParameterGroup> ParameterGroups = [];

    /// <summary>The largest number of rows of a batch that share one perturbation, the m of m-sharpness; null, the default, for the whole batch.</summary>
    public int? MicroBatch;

    /// <summary>The largest number of rows that go through the network at once: a larger batch or micro-batch is computed in pieces, whose gradients are added. Null, the default, for no limit.</summary>
    public int? RowsPerPass;

    /// <summary>The largest norm of the direction of a step, to which a longer one is scaled down; null, the default, for no limit.</summary>
    public double? ClipNorm;

    /// <summary>Whether dropout draws a new mask in each pass of a step; false by default.</summary>
    public bool FreshMasks;

    /// <summary>A copy with other settings; what it lists is the same.</summary>
    internal StepOptions With(Action<StepOptions> change)
    {
        var copy = (StepOptions)MemberwiseClone();
        change(copy);
        return copy;
    }

    private protected virtual void AddTo(OptionFaults faults)
    {
        faults.IfNull(PerturbedWeights);
        faults.IfNull(ParameterGroups);
        faults.Unless(MicroBatch is null or >= 1, MicroBatch, "1 or more");
        faults.Unless(RowsPerPass is null or >= 1, RowsPerPass, "1 or more");
        faults.Unless(ClipNorm is null or (> 0 and < double.PositiveInfinity), ClipNorm, "finite and more than 0, or null for no clipping");
    }
}

/// <summary>Settings of steps that are taken without a trainer.</summary>
internal sealed class StepSettings : StepOptions;
