using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The values of one column.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => GetColumn<T>(data, data.Schema[columnName]);

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(column.Name, nameof(column));
        if (data.Schema[column.Index].Name != column.Name || data.Schema[column.Index].Type != column.Type)
        {
            throw Contracts.ExceptParam(nameof(column), string.Format("column with name {0}, type {1}, and index {2} cannot be found in {3}",
                column.Name, column.Type, column.Index, nameof(data)));
        }

        if (column.Type.RawType == typeof(T))
            return Values<T, T>(data, column, value => value);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Values<ReadOnlyMemory<char>, string>(data, column, text => text.ToString());
        if (typeof(T).IsArray && ArraysOf(data, column, typeof(T).GetElementType()) is { } arrays)
            return (IEnumerable<T>)arrays;
        throw Contracts.ExceptParam(nameof(column), string.Format("Cannot map column (name: {0}, type: {1}) in {2} to the user-defined type, {3}.",
            column.Name, column.Type, nameof(data), typeof(T)));
    }

    private static object ArraysOf(IDataView data, DataViewSchema.Column column, Type itemType)
    {
        if (column.Type is not VectorDataViewType vector)
        {
            throw Contracts.ExceptParam(nameof(column), string.Format("Cannot load vector type, {0}, specified in {1} to the user-defined type, {2}.",
                column.Type, nameof(column), itemType.MakeArrayType()));
        }

        if (itemType == vector.ItemType.RawType)
            return Utils.MarshalInvoke<object>(itemType, Arrays<int>, data, column);
        if (itemType == typeof(string) && vector.ItemType is TextDataViewType)
            return Values<VBuffer<ReadOnlyMemory<char>>, string[]>(data, column, texts => [.. texts.DenseValues().Select(text => text.ToString())]);
        return null;
    }

    private static IEnumerable<TItem[]> Arrays<TItem>(IDataView data, DataViewSchema.Column column)
        => Values<VBuffer<TItem>, TItem[]>(data, column, values => [.. values.DenseValues()]);

    private static IEnumerable<TOut> Values<TValue, TOut>(IDataView data, DataViewSchema.Column column, Func<TValue, TOut> convert)
    {
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<TValue>(column);
        TValue value = default;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return convert(value);
        }
    }
}
