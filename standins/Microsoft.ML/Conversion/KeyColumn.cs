namespace Microsoft.ML.Transforms;

/// <summary>What the user asks of one column that becomes a key.</summary>
internal sealed record KeyColumn(
    string OutputName,
    string InputName,
    int MaximumNumberOfKeys,
    ValueToKeyMappingEstimator.KeyOrdinality Ordinality,
    bool TextAnnotations);
