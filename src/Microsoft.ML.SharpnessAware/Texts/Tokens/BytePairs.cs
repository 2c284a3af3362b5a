namespace Microsoft.ML.SharpnessAware;

/// <summary>What a <see cref="BytePairEncoder"/> is made of, and saved as. A merge is two tokens with a space between; the first merge comes first.</summary>
internal sealed record BytePairs(Dictionary<string, int> Tokens, string[] Merges, bool PrefixSpace, string Start, string Separator, string Padding);
