using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of text files, read anew by every cursor.</summary>
internal sealed class TextDataView(IHost host, TextFormat format, TextColumn[] columns, DataViewSchema schema, IMultiStreamSource source) : IDataView
{
    public DataViewSchema Schema => schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var isActive = RowCursorUtils.FromColumnsToPredicate(columnsNeeded, schema);
        return new TextCursor(host, format, schema, source, [.. columns.Select((column, i) => isActive(i) ? TextPipe.Create(column, format) : null)]);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];
}
