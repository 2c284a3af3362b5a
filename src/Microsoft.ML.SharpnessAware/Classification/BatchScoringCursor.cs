using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The rows of a cursor, with the score columns that are needed: by their index, a getter each.</summary>
internal sealed class BatchScoringCursor(DataViewRowCursor rows, LookAheadScores scores, IReadOnlyDictionary<int, Delegate> scoreGetters) : DataViewRowCursor
{
    public override DataViewSchema Schema => rows.Schema;

    public override long Position => rows.Position;

    public override long Batch => rows.Batch;

    public override bool MoveNext() => rows.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => scoreGetters.ContainsKey(column.Index) || rows.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!scoreGetters.TryGetValue(column.Index, out var getter))
            return rows.GetGetter<TValue>(column);
        return getter as ValueGetter<TValue> ?? throw Contracts.Except($"Column '{column.Name}' has values of type {column.Type.RawType}, not {typeof(TValue)}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            scores.Dispose();
            rows.Dispose();
        }
        base.Dispose(disposing);
    }
}
