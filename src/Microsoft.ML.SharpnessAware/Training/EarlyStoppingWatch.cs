namespace Microsoft.ML.SharpnessAware;

/// <summary>Watches one run: which epoch is the best so far, and whether it is time to stop.</summary>
/// <remarks>The best epoch is the best by any margin; patience runs out on improvements smaller than <see cref="EarlyStopping.MinDelta"/>.</remarks>
internal sealed class EarlyStoppingWatch(EarlyStopping? criteria)
{
    readonly EarlyStoppingMetric _metric = criteria?.Metric ?? EarlyStoppingMetric.Accuracy;
    double _best = double.NegativeInfinity;
    double _reference = double.NegativeInfinity;
    int _waited;

    public bool ShouldStop => criteria is not null && _waited >= criteria.Patience;

    /// <summary>Takes in an epoch's validation result, and says whether it is the best so far.</summary>
    public bool IsBest(ValidationResult result)
    {
        var value = _metric == EarlyStoppingMetric.Accuracy ? result.Accuracy : -result.Loss;
        _waited = value > _reference + (criteria?.MinDelta ?? 0) ? 0 : _waited + 1;
        if (_waited == 0)
            _reference = value;
        if (!(value > _best))
            return false;
        _best = value;
        return true;
    }
}
