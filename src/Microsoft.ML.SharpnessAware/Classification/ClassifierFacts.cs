namespace Microsoft.ML.SharpnessAware;

/// <summary>What a trained classifier is: its network, its classes, its columns, and how it was trained.</summary>
public sealed record ClassifierFacts
{
    internal ClassifierFacts() { }

    /// <summary>The network, as the option that it was built from prints itself.</summary>
    public required string Network { get; init; }

    /// <summary>What the network takes: the shape of its images, or the most tokens of a text and the size of the vocabulary.</summary>
    public required string Input { get; init; }

    /// <summary>The classes as people call them, in the order of the scores.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The label column that it was trained on.</summary>
    public required string LabelColumnName { get; init; }

    /// <summary>The columns that it reads: one of images, or one or two of texts.</summary>
    public required IReadOnlyList<string> InputColumnNames { get; init; }

    /// <summary>The column of probabilities that it adds.</summary>
    public required string ScoreColumnName { get; init; }

    /// <summary>The column of predicted labels that it adds.</summary>
    public required string PredictedLabelColumnName { get; init; }

    /// <summary>The options that it was trained with, by their names, and how the run ended: a JSON object for people to read, whose members may change from version to version.</summary>
    public required string TrainingJson { get; init; }
}
