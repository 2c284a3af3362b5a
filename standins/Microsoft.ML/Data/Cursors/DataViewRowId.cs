using System.Numerics;

namespace Microsoft.ML.Data;

public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    // The constants of MurmurHash3, 128 bits.
    private const ulong Factor1 = 0x87c37b91114253d5;
    private const ulong Factor2 = 0x4cf5ad432745937f;

    public readonly ulong Low;

    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public DataViewRowId Fork() => Mixed(BitOperations.RotateLeft(Factor1, 31) * Factor2);

    public DataViewRowId Next() => Mixed(0);

    public DataViewRowId Combine(DataViewRowId other)
    {
        other = other.Fork();
        var low = Low ^ (BitOperations.RotateLeft(other.Low * Factor1, 31) * Factor2);
        low = ((BitOperations.RotateLeft(low, 27) + High) * 5) + 0x52dce729;
        var high = High ^ (BitOperations.RotateLeft(other.High * Factor2, 33) * Factor1);
        high = ((BitOperations.RotateLeft(high, 31) + low) * 5) + 0x38495ab5;
        return new(low, high);
    }

    public int CompareTo(DataViewRowId other) => (High, Low).CompareTo((other.High, other.Low));

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode()
        => (int)((uint)Low ^ (uint)(Low >> 32) ^ (uint)(High << 7) ^ (uint)(High >> 57) ^ (uint)(High >> 25));

    public override string ToString() => $"{High:x16}{Low:x16}";

    private DataViewRowId Mixed(ulong after)
    {
        var low = ((BitOperations.RotateLeft(Low, 27) + High) * 5) + 0x52dce729;
        var high = ((BitOperations.RotateLeft(High, 31) + low) * 5) + 0x38495ab5;
        return new(low ^ after, high);
    }
}
