namespace Microsoft.ML.SharpnessAware;

/// <summary>A labelled row as it comes from the cursor.</summary>
/// <param name="Slot">Its number among the labelled rows.</param>
/// <param name="Position">Its number among all rows.</param>
/// <param name="Image">Its image.</param>
internal readonly record struct ImageRow(int Slot, long Position, ImageCell Image);
