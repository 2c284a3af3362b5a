using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>All about a text classifier but its weights, its vocabulary and the values of its keys; what Model.json holds.</summary>
internal sealed record TextModel : IClassifierModel
{
    public required TextColumns Columns { get; init; }

    public required TextNetwork Network { get; init; }

    /// <summary>The kind of vocabulary that lies beside it.</summary>
    public required TextTokenizer Tokenizer { get; init; }

    public required TextShape Shape { get; init; }

    public required EmptyTextPolicy EmptyTexts { get; init; }

    /// <summary>The classes as people call them.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The column of what comes to the network's last layer; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EmbeddingColumn? Embedding { get; init; }

    /// <summary>Whether the file holds large weights as F16.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HalfPrecisionWeights { get; init; }

    /// <summary>How the model came about, for people to read; nothing depends on it.</summary>
    public required JsonObject Training { get; init; }
}
