using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public static partial class RowCursorUtils
{
    /// <summary>Reads a key column of any width.</summary>
    internal static Func<ulong> GetKeyGetter(DataViewRow row, DataViewSchema.Column column)
        => Utils.MarshalInvoke<Func<ulong>>(column.Type.RawType, KeyGetter<int>, row, column);

    private static Func<ulong> KeyGetter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        var widen = KeyWidening.Of<T>();
        T key = default;
        return () =>
        {
            get(ref key);
            return widen(key);
        };
    }
}
