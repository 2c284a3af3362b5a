namespace Microsoft.ML.SharpnessAware;

/// <summary>The names of the columns that a text classifier reads and adds; the second sentence's is null where there is none.</summary>
internal sealed record TextColumns(string Label, string Sentence1, string? Sentence2, string Score, string PredictedLabel);
