using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An annotation of a column of a row class: a value, read through the getter that its type asks for.</summary>
internal sealed class RowAnnotation(string kind, DataViewType type, Delegate getter)
{
    public string Kind { get; } = kind;

    public DataViewType Type { get; } = type;

    public Delegate Getter { get; } = getter;

    public static RowAnnotation Create<T>(string kind, T value, DataViewType type)
    {
        CheckType(typeof(T), type);
        if (value is string text)
            return new RowAnnotation(kind, type, (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> dst) => dst = text.AsMemory()));
        if (value is string[] texts)
            return OfArray(kind, texts.Select(item => item.AsMemory()).ToArray(), type);
        if (typeof(T).IsArray)
            return Utils.MarshalInvoke<RowAnnotation>(typeof(T).GetElementType(), OfArray<int>, kind, value, type);
        if (type is VectorDataViewType vector)
            return Utils.MarshalInvoke<RowAnnotation>(vector.ItemType.RawType, OfVector<int>, kind, value, type);
        return new RowAnnotation(kind, type, (ValueGetter<T>)((ref T dst) => dst = value));
    }

    /// <summary>A copy of an annotation of a schema.</summary>
    public static RowAnnotation Copy(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
        => Utils.MarshalInvoke<RowAnnotation>(column.Type.RawType, Copy<int>, annotations, column);

    private static RowAnnotation Copy<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        T value = default;
        annotations.GetValue(column.Name, ref value);
        return Create(column.Name, value, column.Type);
    }

    private static RowAnnotation OfArray<TItem>(string kind, TItem[] value, DataViewType type)
        => new(kind, type, (ValueGetter<VBuffer<TItem>>)((ref VBuffer<TItem> dst) =>
        {
            var editor = VBufferEditor.Create(ref dst, value.Length);
            value.CopyTo(editor.Values);
            dst = editor.Commit();
        }));

    private static RowAnnotation OfVector<TItem>(string kind, VBuffer<TItem> value, DataViewType type)
        => new(kind, type, (ValueGetter<VBuffer<TItem>>)((ref VBuffer<TItem> dst) => value.CopyTo(ref dst)));

    private static void CheckType(Type valueType, DataViewType type)
    {
        var itemType = RowMembers.StoredType(valueType, out var isVector);
        if (!itemType.TryGetDataKind(out _) && !DataViewTypeManager.Knows(itemType))
            throw RowMembers.Unknown("annotation value");

        var vector = type as VectorDataViewType;
        if (isVector != (vector != null))
        {
            throw Contracts.Except("Value inputted is supposed to be {0}, but type of Annotationinfo is {1}",
                isVector ? "vector" : "scalar", vector != null ? "vector" : "scalar");
        }

        var annotationItemType = (vector?.ItemType ?? type).RawType;
        if (itemType != annotationItemType)
            throw Contracts.Except("Value inputted is supposed to have Type {0}, but type of Annotationinfo has {1}", itemType, annotationItemType);
    }
}
