namespace Microsoft.ML.SharpnessAware;

/// <summary>The column of what comes to the network's last layer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">How many numbers there are.</param>
internal sealed record EmbeddingColumn(string Name, int Size);
