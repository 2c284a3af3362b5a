using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

[InternalInMlNet]
public static partial class AnnotationUtils
{
    public static KeyDataViewType ScoreColumnSetIdType { get; } = new(typeof(uint), int.MaxValue);

    public static VectorDataViewType GetNamesType(int size)
    {
        Contracts.CheckParam(size > 0, nameof(size), "must be known size");
        return new VectorDataViewType(TextDataViewType.Instance, size);
    }

    public static uint GetMaxAnnotationKind(this DataViewSchema schema, out int colMax, string annotationKind, Func<DataViewSchema, int, bool> filterFunc = null)
    {
        uint max = 0;
        colMax = -1;
        foreach (var column in schema)
        {
            if (!HasUInt32Key(column, annotationKind) || filterFunc?.Invoke(schema, column.Index) == false)
                continue;
            uint value = 0;
            column.Annotations.GetValue(annotationKind, ref value);
            if (value > max)
                (max, colMax) = (value, column.Index);
        }
        return max;
    }

    public static IEnumerable<int> GetColumnSet(this DataViewSchema schema, string annotationKind, uint value)
    {
        foreach (var column in schema.Where(c => HasUInt32Key(c, annotationKind)))
        {
            uint have = 0;
            column.Annotations.GetValue(annotationKind, ref have);
            if (have == value)
                yield return column.Index;
        }
    }

    public static IEnumerable<int> GetColumnSet(this DataViewSchema schema, string annotationKind, string value)
    {
        foreach (var column in schema.Where(c => AnnotationType(c, annotationKind) is TextDataViewType))
        {
            ReadOnlyMemory<char> have = default;
            column.Annotations.GetValue(annotationKind, ref have);
            if (have.Span.SequenceEqual(value))
                yield return column.Index;
        }
    }

    public static bool HasSlotNames(this DataViewSchema.Column column, int vectorSize)
        => vectorSize > 0
            && AnnotationType(column, Kinds.SlotNames) is VectorDataViewType { ItemType: TextDataViewType } names
            && names.Size == vectorSize;

    public static bool TryGetAnnotation<T>(this DataViewSchema schema, PrimitiveDataViewType type, string kind, int col, ref T value)
    {
        Contracts.CheckValue(schema, nameof(schema));
        Contracts.CheckValue(type, nameof(type));
        if (!type.Equals(AnnotationType(schema[col], kind)))
            return false;
        schema[col].Annotations.GetValue(kind, ref value);
        return true;
    }

    private static DataViewType AnnotationType(DataViewSchema.Column column, string kind)
        => column.Annotations.Schema.GetColumnOrNull(kind)?.Type;

    private static bool HasUInt32Key(DataViewSchema.Column column, string kind)
        => AnnotationType(column, kind) is KeyDataViewType key && key.RawType == typeof(uint);
}
