namespace Microsoft.ML.SharpnessAware;

/// <summary>Which texts and labels to load, and how.</summary>
internal sealed record TextLoading
{
    public required string Sentence1Column { get; init; }

    /// <summary>Null: rows have one text.</summary>
    public string? Sentence2Column { get; init; }

    public required string LabelColumn { get; init; }

    /// <summary>Null: each row counts 1.</summary>
    public string? WeightColumn { get; init; }

    public EmptyTextPolicy EmptyTexts { get; init; }

    /// <summary>Called for every row; throws to stop.</summary>
    public Action CheckAlive { get; init; } = () => { };
}
