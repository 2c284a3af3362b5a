namespace Microsoft.ML.SharpnessAware;

/// <summary>The names of the columns that an image classifier reads and adds.</summary>
internal sealed record ImageColumns(string Label, string Feature, string Score, string PredictedLabel);
