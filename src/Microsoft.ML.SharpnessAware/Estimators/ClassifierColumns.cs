namespace Microsoft.ML.SharpnessAware;

/// <summary>The names of the label column that a classifier was trained on and of the columns that it adds, and which of these comes first.</summary>
internal readonly record struct ClassifierColumns(string Label, string Score, string PredictedLabel, bool ScoreComesFirst, string? Embedding)
{
    /// <summary>The columns that it adds, in their order.</summary>
    public IReadOnlyList<string> Added => [.. ScoreComesFirst ? [Score, PredictedLabel] : (string[])[PredictedLabel, Score], .. Embedding is null ? [] : (string[])[Embedding]];
}
