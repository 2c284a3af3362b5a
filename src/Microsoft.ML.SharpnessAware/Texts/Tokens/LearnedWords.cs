namespace Microsoft.ML.SharpnessAware;

/// <summary>What a <see cref="LearnedEncoder"/> is made of, and saved as: words, most frequent first, and how many buckets the others share.</summary>
internal sealed record LearnedWords(string[] Words, int Buckets, bool LowerCase);
