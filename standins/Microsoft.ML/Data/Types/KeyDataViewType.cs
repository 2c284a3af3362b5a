using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

public sealed class KeyDataViewType : PrimitiveDataViewType
{
    public KeyDataViewType(Type type, ulong count)
        : base(type)
    {
        if (!IsValidDataType(type))
            throw new ArgumentOutOfRangeException(nameof(type), "Type is not valid, it must be Byte, UInt16, UInt32, or UInt64.");
        if (count == 0 || count > type.ToMaxInt())
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                $"The cardinality of a KeyDataViewType must not exceed {type.Name}.MaxValue and must be strictly positive, but got {count}.");
        }
        Count = count;
    }

    public KeyDataViewType(Type type, int count)
        : this(type, (ulong)count)
    {
        if (count <= 0)
            throw new ArgumentOutOfRangeException(nameof(count), "The cardinality of a KeyDataViewType must be strictly positive.");
    }

    public ulong Count { get; }

    public static bool IsValidDataType(Type type)
        => type == typeof(byte) || type == typeof(ushort) || type == typeof(uint) || type == typeof(ulong);

    public override bool Equals(DataViewType other)
        => ReferenceEquals(this, other) || (other is KeyDataViewType key && key.RawType == RawType && key.Count == Count);

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => Hashing.CombineHash(RawType.GetHashCode(), Count.GetHashCode());

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";
}
