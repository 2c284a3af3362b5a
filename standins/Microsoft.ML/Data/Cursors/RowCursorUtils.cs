using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

[InternalInMlNet]
public static partial class RowCursorUtils
{
    public const string FetchValueStateError = "Values cannot be fetched at this time. This method was called either before the first call to "
        + "MoveNext, or at any point after that method returned false.";

    public static Func<int, bool> FromColumnsToPredicate(IEnumerable<DataViewSchema.Column> columnsNeeded, DataViewSchema sourceSchema)
    {
        Contracts.CheckValue(columnsNeeded, nameof(columnsNeeded));
        Contracts.CheckValue(sourceSchema, nameof(sourceSchema));
        var needed = new bool[sourceSchema.Count];
        foreach (var column in columnsNeeded)
        {
            if (column.Index >= needed.Length)
                throw Contracts.Except($"The requested column: {column} is not part of the {nameof(sourceSchema)}");
            needed[column.Index] = true;
        }
        return index => needed[index];
    }

    public static Delegate GetGetterAsDelegate(DataViewRow row, int col)
    {
        Contracts.CheckValue(row, nameof(row));
        Contracts.CheckParam(0 <= col && col < row.Schema.Count, nameof(col));
        Contracts.CheckParam(row.IsColumnActive(row.Schema[col]), nameof(col), "column was not active");
        return Utils.MarshalInvoke<Delegate>(row.Schema[col].Type.RawType, Getter<int>, row, row.Schema[col]);
    }

    private static Delegate Getter<TValue>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<TValue>(column);
}
