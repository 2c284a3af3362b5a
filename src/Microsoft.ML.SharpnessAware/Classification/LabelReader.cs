using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Reads the key of a row's label: 1 for the first class, 0 where the label is missing.</summary>
internal static class LabelReader
{
    /// <exception cref="ArgumentException">The column does not hold keys.</exception>
    public static Func<long> Open(DataViewRow row, DataViewSchema.Column column) => column.Type is KeyDataViewType key
        ? Type.GetTypeCode(key.RawType) switch
        {
            TypeCode.Byte => Getter<byte>(row, column, value => value),
            TypeCode.UInt16 => Getter<ushort>(row, column, value => value),
            TypeCode.UInt32 => Getter<uint>(row, column, value => value),
            _ => Getter<ulong>(row, column, value => (long)value),
        }
        : throw new ArgumentException($"Cannot read labels from column '{column.Name}': expected a key, but got {column.Type}. Put MapValueToKey before the trainer.");

    static Func<long> Getter<T>(DataViewRow row, DataViewSchema.Column column, Func<T, long> number)
    {
        var getter = row.GetGetter<T>(column);
        var value = default(T)!;
        return () =>
        {
            getter(ref value);
            return number(value);
        };
    }
}
