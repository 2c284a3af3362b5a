using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What comes of a run.</summary>
/// <param name="Classes">What the network tells apart.</param>
/// <param name="Network">In eval mode, on the device.</param>
/// <param name="Device">Where it is.</param>
/// <param name="Embedding">The column of what comes to the last layer; null for none.</param>
/// <param name="Facts">How it came about, for people to read.</param>
internal sealed record TrainedNetwork(LabelClasses Classes, nn.Module<Tensor, Tensor> Network, Device Device, EmbeddingColumn? Embedding, JsonObject Facts);
