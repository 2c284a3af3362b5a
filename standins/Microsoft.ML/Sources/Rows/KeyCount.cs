using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How many values a key column has; without a number, as many as its type can hold.</summary>
public sealed class KeyCount
{
    public ulong? Count;

    public KeyCount()
    {
    }

    public KeyCount(ulong count)
    {
        if (count == 0)
            throw Contracts.ExceptParam(nameof(count), "The cardinality of valid values of a KeyDataViewType column has to be strictly positive.");
        Count = count;
    }
}
