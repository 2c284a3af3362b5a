using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Makes a member a key column; the member holds 0-based values.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class KeyTypeAttribute : Attribute
{
    internal KeyCount KeyCount { get; }

    public KeyTypeAttribute() => throw Contracts.ExceptNotSupp("Using KeyType without the Count parameter is not supported");

    public KeyTypeAttribute(ulong count) => KeyCount = new KeyCount(count);
}
