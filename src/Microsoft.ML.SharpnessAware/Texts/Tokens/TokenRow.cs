namespace Microsoft.ML.SharpnessAware;

/// <summary>An example as ids, special tokens included. From <paramref name="SecondStart"/> on they belong to the second text; where there is none, it is their count.</summary>
internal readonly record struct TokenRow(int[] Ids, int SecondStart);
