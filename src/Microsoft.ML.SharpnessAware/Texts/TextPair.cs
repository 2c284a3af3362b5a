namespace Microsoft.ML.SharpnessAware;

/// <summary>A row's text, or its two.</summary>
internal readonly record struct TextPair(string First, string? Second)
{
    /// <summary>Why the row may be unusable, as the end of a sentence.</summary>
    public const string EmptyReason = "it has no text";

    public bool IsEmpty => string.IsNullOrWhiteSpace(First) && string.IsNullOrWhiteSpace(Second);
}
