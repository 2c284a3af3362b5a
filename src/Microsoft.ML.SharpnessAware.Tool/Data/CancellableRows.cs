using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>Rows that can be read until there is a request to end, for what takes no such request itself.</summary>
sealed class CancellableRows(IDataView rows, CancellationToken cancellation) : IDataView
{
    public DataViewSchema Schema => rows.Schema;

    public bool CanShuffle => rows.CanShuffle;

    public long? GetRowCount() => rows.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(rows.GetRowCursor(columnsNeeded, rand), cancellation);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. rows.GetRowCursorSet(columnsNeeded, n, rand).Select(cursor => new Cursor(cursor, cancellation))];

    /// <summary>Asks before each row.</summary>
    sealed class Cursor(DataViewRowCursor rows, CancellationToken cancellation) : PassingCursor(rows)
    {
        public override bool MoveNext()
        {
            cancellation.ThrowIfCancellationRequested();
            return Rows.MoveNext();
        }
    }
}
