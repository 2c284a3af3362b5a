using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public static partial class DataViewUtils
{
    /// <summary>One cursor over what several threads compute, rows in order.</summary>
    public static bool TryCreateConsolidatingCursor(
        out DataViewRowCursor curs,
        IDataView view,
        IEnumerable<DataViewSchema.Column> columnsNeeded,
        IHost host,
        Random rand)
    {
        Contracts.CheckValue(host, nameof(host));
        host.CheckValue(view, nameof(view));
        curs = null;
        if (!AllCacheable(columnsNeeded))
            return false;
        var inputs = view.GetRowCursorSet(columnsNeeded, GetThreadCount(), rand);
        curs = inputs.Length == 1 ? inputs[0] : new ConsolidatingCursor(host, inputs);
        return true;
    }

    /// <summary>Cursors that share the rows of one, in blocks of 128; or the one itself, if a column of it cannot be copied.</summary>
    public static DataViewRowCursor[] CreateSplitCursors(IChannelProvider provider, DataViewRowCursor input, int num)
    {
        Contracts.CheckValue(provider, nameof(provider));
        provider.CheckValue(input, nameof(input));
        if (num <= 1 || !AllCacheable(input.Schema, input.IsColumnActive))
            return [input];
        return new CursorSplitter(input, num).CreateCursors(provider);
    }
}
