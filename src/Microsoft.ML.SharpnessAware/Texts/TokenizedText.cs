namespace Microsoft.ML.SharpnessAware;

/// <summary>A text as token ids.</summary>
internal readonly record struct TokenizedText(TokenRow Tokens, bool IsEmpty);
