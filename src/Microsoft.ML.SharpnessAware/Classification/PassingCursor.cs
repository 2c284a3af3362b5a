using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A cursor that passes on all that another one gives; which of its rows, or when, those who derive from it say.</summary>
/// <remarks>ML.NET's own base classes for this are internal, and not all who use this one see them.</remarks>
internal abstract class PassingCursor(DataViewRowCursor rows) : DataViewRowCursor
{
    public override DataViewSchema Schema => Rows.Schema;

    public override long Position => Rows.Position;

    public override long Batch => Rows.Batch;

    /// <summary>The other one, which is disposed of with this.</summary>
    protected DataViewRowCursor Rows { get; } = rows;

    public override ValueGetter<DataViewRowId> GetIdGetter() => Rows.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => Rows.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Rows.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Rows.Dispose();
        base.Dispose(disposing);
    }
}
