using System.Collections.Immutable;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

public sealed class VectorDataViewType : StructuredDataViewType
{
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0)
        : base(VectorOf(itemType))
    {
        Check(size >= 0, nameof(size));
        ItemType = itemType;
        Size = size;
        Dimensions = [size];
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : base(VectorOf(itemType))
    {
        Check(dimensions is { Length: > 0 } && dimensions.All(d => d >= 0), nameof(dimensions));
        ItemType = itemType;
        Dimensions = [.. dimensions];
        Size = SizeOf(Dimensions);
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(VectorOf(itemType))
    {
        Check(dimensions.Length > 0 && dimensions.All(d => d >= 0), nameof(dimensions));
        ItemType = itemType;
        Dimensions = dimensions;
        Size = SizeOf(Dimensions);
    }

    public ImmutableArray<int> Dimensions { get; }

    public PrimitiveDataViewType ItemType { get; }

    public int Size { get; }

    public bool IsKnownSize => Size > 0;

    public override bool Equals(DataViewType other)
        => ReferenceEquals(this, other)
            || (other is VectorDataViewType vector
                && ItemType.Equals(vector.ItemType)
                && Dimensions.AsSpan().SequenceEqual(vector.Dimensions.AsSpan()));

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode()
    {
        var hash = Hashing.CombineHash(Hashing.CombineHash(ItemType.GetHashCode(), Size), Dimensions.Length);
        foreach (var dimension in Dimensions)
            hash = Hashing.CombineHash(hash, dimension);
        return hash;
    }

    public override string ToString() => $"Vector<{ItemType}{SizeText()}>";

    private string SizeText()
    {
        if (Dimensions.Length == 1)
            return Size > 0 ? $", {Size}" : "";
        return string.Concat(Dimensions.Select(d => d > 0 ? $", {d}" : ", *"));
    }

    private static Type VectorOf(PrimitiveDataViewType itemType)
    {
        ArgumentNullException.ThrowIfNull(itemType);
        return typeof(VBuffer<>).MakeGenericType(itemType.RawType);
    }

    private static int SizeOf(ImmutableArray<int> dimensions)
    {
        var size = 1;
        foreach (var dimension in dimensions)
            size = checked(size * dimension);
        return size;
    }

    private static void Check(bool holds, string parameter)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(parameter);
    }
}
