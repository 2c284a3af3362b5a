namespace Microsoft.ML.SharpnessAware;

/// <summary>Epochs that follow each other, counted from 1.</summary>
internal readonly record struct EpochSpan(int First, int Last)
{
    public int Count => Last - First + 1;
}
