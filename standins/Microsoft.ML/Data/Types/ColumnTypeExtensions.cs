using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

[InternalInMlNet]
public static class ColumnTypeExtensions
{
    public static bool IsStandardScalar(this DataViewType columnType)
        => columnType is NumberDataViewType or TextDataViewType or BooleanDataViewType or RowIdDataViewType
            or TimeSpanDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType;

    public static ulong GetKeyCount(this DataViewType columnType) => (columnType as KeyDataViewType)?.Count ?? 0;

    public static int GetKeyCountAsInt32(this DataViewType columnType, IExceptionContext ectx = null)
    {
        var count = columnType.GetKeyCount();
        ectx.Check(count <= int.MaxValue, "KeyDataViewType.Count exceeds int.MaxValue.");
        return (int)count;
    }

    public static DataViewType GetItemType(this DataViewType columnType) => (columnType as VectorDataViewType)?.ItemType ?? columnType;

    public static int GetVectorSize(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 0;

    public static int GetValueCount(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 1;

    public static bool IsKnownSizeVector(this DataViewType columnType) => columnType.GetVectorSize() > 0;

    public static InternalDataKind GetRawKind(this DataViewType columnType)
    {
        columnType.RawType.TryGetDataKind(out var kind);
        return kind;
    }

    public static bool SameSizeAndItemType(this DataViewType columnType, DataViewType other)
        => other != null
            && (columnType.Equals(other)
                || (columnType is VectorDataViewType vector
                    && other is VectorDataViewType otherVector
                    && vector.ItemType.Equals(otherVector.ItemType)
                    && vector.Size == otherVector.Size));

    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type)
        => type.TryGetDataKind(out var kind) ? PrimitiveTypeFromKind(kind) : NumberTypeFromType(type);

    public static PrimitiveDataViewType PrimitiveTypeFromKind(InternalDataKind kind) => kind switch
    {
        InternalDataKind.TX => TextDataViewType.Instance,
        InternalDataKind.BL => BooleanDataViewType.Instance,
        InternalDataKind.TS => TimeSpanDataViewType.Instance,
        InternalDataKind.DT => DateTimeDataViewType.Instance,
        InternalDataKind.DZ => DateTimeOffsetDataViewType.Instance,
        InternalDataKind.UG => RowIdDataViewType.Instance,
        _ => NumberTypeFromKind(kind),
    };

    public static NumberDataViewType NumberTypeFromType(Type type)
        => type.TryGetDataKind(out var kind)
            ? NumberTypeFromKind(kind)
            : throw new InvalidOperationException($"Bad type in ColumnTypeExtensions.NumberTypeFromType: {type}");

    private static NumberDataViewType NumberTypeFromKind(InternalDataKind kind) => kind switch
    {
        InternalDataKind.I1 => NumberDataViewType.SByte,
        InternalDataKind.U1 => NumberDataViewType.Byte,
        InternalDataKind.I2 => NumberDataViewType.Int16,
        InternalDataKind.U2 => NumberDataViewType.UInt16,
        InternalDataKind.I4 => NumberDataViewType.Int32,
        InternalDataKind.U4 => NumberDataViewType.UInt32,
        InternalDataKind.I8 => NumberDataViewType.Int64,
        InternalDataKind.U8 => NumberDataViewType.UInt64,
        InternalDataKind.R4 => NumberDataViewType.Single,
        InternalDataKind.R8 => NumberDataViewType.Double,
        _ => throw new InvalidOperationException($"Bad data kind in ColumnTypeExtensions.NumberTypeFromKind: {kind}"),
    };
}
