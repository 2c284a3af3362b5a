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

/// <summary>Reads how much rows count, from a column of Single; 1 each where there is none.</summary>
internal sealed class ExampleWeightReader(DataViewSchema schema, string? column)
{
    /// <summary>The column, if there is one.</summary>
    public IReadOnlyList<DataViewSchema.Column> Columns { get; } = column is null ? [] : [schema[column]];

    /// <summary>Takes the weight of the row that the cursor stands on, again and again.</summary>
    /// <exception cref="InvalidOperationException">On taking it: it is negative, infinite or missing.</exception>
    public Func<float> Open(DataViewRow row)
    {
        if (Columns is not [var weights])
            return () => 1;
        var getter = row.GetGetter<float>(weights);
        var value = 0f;
        return () =>
        {
            getter(ref value);
            return value >= 0 && float.IsFinite(value) ? value : throw new InvalidOperationException(Invariant(
                $"The weight of row {row.Position} (counting from 0) in column '{weights.Name}' must be finite and 0 or more, but was {value}. Set it to 0 where a row is not to count."));
        };
    }
}
