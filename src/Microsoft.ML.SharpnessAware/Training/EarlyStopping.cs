namespace Microsoft.ML.SharpnessAware;

/// <summary>Ends a run that no longer improves on validation data. The weights of the best epoch are kept.</summary>
/// <param name="Metric">What is compared; accuracy by default.</param>
/// <param name="MinDelta">The smallest improvement that counts; 0.01 by default.</param>
/// <param name="Patience">Epochs without one before the run ends; 20 by default.</param>
public sealed record EarlyStopping(EarlyStoppingMetric Metric = EarlyStoppingMetric.Accuracy, double MinDelta = 0.01, int Patience = 20)
{
    /// <summary>The smallest improvement that counts.</summary>
    public double MinDelta { get; init => field = Require.NotNegative(value); } = Require.NotNegative(MinDelta);

    /// <summary>Epochs without an improvement before the run ends.</summary>
    public int Patience { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Patience);
}

/// <summary>The number by which epochs are compared.</summary>
public enum EarlyStoppingMetric
{
    /// <summary>The share of validation rows that are classified correctly; higher is better.</summary>
    Accuracy,

    /// <summary>The mean cross-entropy of the validation rows; lower is better.</summary>
    Loss,

    /// <summary>The mean, over the classes that occur among the validation rows, of the share of their rows that are classified correctly: each class counts the same, however many rows it has. Higher is better.</summary>
    MacroAccuracy,
}

/// <summary>What an <see cref="EarlyStoppingWatch"/> has seen; higher is better.</summary>
/// <param name="Best">The best value so far.</param>
/// <param name="BestLoss">The validation loss that came with it.</param>
/// <param name="Reference">The value that an improvement is measured from.</param>
/// <param name="Waited">Epochs since the last improvement that counted.</param>
internal readonly record struct EarlyStoppingState(double Best, double BestLoss, double Reference, int Waited)
{
    public static EarlyStoppingState Start { get; } = new(double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity, 0);
}

/// <summary>Watches one run: which epoch is the best so far, and whether it is time to stop.</summary>
/// <remarks>
/// The best epoch is the best by any margin; where the metric is the same, as accuracies on few rows often are, that of the lower loss, and then the later one.
/// Patience runs out on improvements smaller than <see cref="EarlyStopping.MinDelta"/>.
/// </remarks>
internal sealed class EarlyStoppingWatch(EarlyStopping? criteria, EarlyStoppingState? state = null)
{
    readonly EarlyStoppingMetric _metric = criteria?.Metric ?? EarlyStoppingMetric.Accuracy;

    public EarlyStoppingState State { get; private set; } = state ?? EarlyStoppingState.Start;

    public bool ShouldStop => criteria is not null && State.Waited >= criteria.Patience;

    /// <summary>Takes in an epoch's validation result, and says whether it is the best so far. One whose loss is not finite never is.</summary>
    public bool IsBest(ValidationResult result)
    {
        var isFinite = double.IsFinite(result.Loss);
        var value = Value(result);
        var improved = isFinite && value > State.Reference + (criteria?.MinDelta ?? 0);
        State = improved ? State with { Reference = value, Waited = 0 } : State with { Waited = State.Waited + 1 };
        if (!isFinite || value < State.Best || (value == State.Best && result.Loss > State.BestLoss))
            return false;
        State = State with { Best = value, BestLoss = result.Loss };
        return true;
    }

    double Value(ValidationResult result) => _metric switch
    {
        EarlyStoppingMetric.Loss => -result.Loss,
        EarlyStoppingMetric.MacroAccuracy => result.MacroAccuracy,
        _ => result.Accuracy,
    };
}
