using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>All about an image classifier but its weights and the values of its keys; what Model.json holds.</summary>
internal sealed record ImageModel : IClassifierModel
{
    public required ImageColumns Columns { get; init; }

    public required Network Network { get; init; }

    public required ImageShape Shape { get; init; }

    /// <summary>What pixels are given as: bytes, or float32 for vectors of Single.</summary>
    public required ScalarType Pixels { get; init; }

    public required Normalization Normalization { get; init; }

    public required BadImagePolicy BadImages { get; init; }

    /// <summary>The most million pixels that an encoded image may have.</summary>
    public int MaxMegapixels { get; init; } = ImageLoading.DefaultMaxMegapixels;

    /// <summary>The views that are scored; null for the image alone.</summary>
    public TestTimeAugmentation? TestTimeAugmentation { get; init; }

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
