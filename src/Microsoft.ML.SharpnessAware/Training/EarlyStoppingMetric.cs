namespace Microsoft.ML.SharpnessAware;

/// <summary>What tells whether an epoch was better than those before.</summary>
public enum EarlyStoppingMetric
{
    /// <summary>The share of validation rows that are classified rightly; more is better.</summary>
    Accuracy,

    /// <summary>The mean cross-entropy of the validation rows; less is better.</summary>
    Loss,

    /// <summary>The mean, over the classes that occur among the validation rows, of the share of their rows that are classified rightly: each class counts the same, however many rows it has. More is better.</summary>
    MacroAccuracy,
}
