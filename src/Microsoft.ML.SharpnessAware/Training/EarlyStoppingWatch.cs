namespace Microsoft.ML.SharpnessAware;

/// <summary>Watches one run: which epoch is the best so far, and whether it is time to stop.</summary>
/// <remarks>The best epoch is the best by any margin; patience runs out on improvements smaller than <see cref="EarlyStopping.MinDelta"/>.</remarks>
internal sealed class EarlyStoppingWatch(EarlyStopping? criteria, EarlyStoppingState? state = null)
{
    readonly EarlyStoppingMetric _metric = criteria?.Metric ?? EarlyStoppingMetric.Accuracy;

    public EarlyStoppingState State { get; private set; } = state ?? EarlyStoppingState.Start;

    public bool ShouldStop => criteria is not null && State.Waited >= criteria.Patience;

    /// <summary>Takes in an epoch's validation result, and says whether it is the best so far.</summary>
    public bool IsBest(ValidationResult result)
    {
        var value = Value(result);
        var improved = value > State.Reference + (criteria?.MinDelta ?? 0);
        State = improved ? State with { Reference = value, Waited = 0 } : State with { Waited = State.Waited + 1 };
        if (!(value > State.Best))
            return false;
        State = State with { Best = value };
        return true;
    }

    double Value(ValidationResult result) => _metric switch
    {
        EarlyStoppingMetric.Loss => -result.Loss,
        EarlyStoppingMetric.MacroAccuracy => result.MacroAccuracy,
        _ => result.Accuracy,
    };
}
