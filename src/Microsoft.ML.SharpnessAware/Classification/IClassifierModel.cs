namespace Microsoft.ML.SharpnessAware;

/// <summary>All about a classifier but its weights and the values of its keys; what Model.json holds.</summary>
internal interface IClassifierModel
{
    /// <summary>The classes as people call them.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>The column of what comes to the network's last layer; null for none.</summary>
    EmbeddingColumn? Embedding { get; }

    /// <summary>Whether the file holds large weights as F16.</summary>
    bool HalfPrecisionWeights { get; }
}
