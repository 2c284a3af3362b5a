namespace Microsoft.ML.SharpnessAware;

/// <summary>The names of the label column that a classifier was trained on and of the columns that it adds.</summary>
internal readonly record struct ClassifierColumns(string Label, string Score, string PredictedLabel, string? Embedding)
{
    /// <summary>The columns that it adds, in the order of ML.NET's own trainers of deep networks.</summary>
    public IReadOnlyList<string> Added => [PredictedLabel, Score, .. Embedding is null ? [] : (string[])[Embedding]];
}
