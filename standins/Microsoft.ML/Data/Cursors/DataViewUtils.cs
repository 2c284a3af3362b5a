using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

[InternalInMlNet]
public static partial class DataViewUtils
{
    public static long ComputeRowCount(IDataView view)
    {
        if (view.GetRowCount() is { } known)
            return known;
        using var cursor = view.GetRowCursor([]);
        var count = 0L;
        while (cursor.MoveNext())
            count++;
        return count;
    }

    public static int GetThreadCount(int num = 0, bool preferOne = false)
    {
        var threads = Math.Max(2, Environment.ProcessorCount - 1);
        if (num > 0)
            return Math.Min(num, 2 * threads);
        return preferOne ? 1 : threads;
    }

    public static bool IsCacheable(this DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    public static bool AllCacheable(DataViewSchema schema, Func<DataViewSchema.Column, bool> predicate)
    {
        Contracts.CheckValue(schema, nameof(schema));
        Contracts.CheckValue(predicate, nameof(predicate));
        return AllCacheable(schema.Where(predicate));
    }

    public static bool AllCacheable(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        Contracts.CheckValue(columnsNeeded, nameof(columnsNeeded));
        return columnsNeeded.All(column => column.Type.IsCacheable());
    }
}
