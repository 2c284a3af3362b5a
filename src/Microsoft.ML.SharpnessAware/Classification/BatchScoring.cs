using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Data as the row mapper gives them, but scored in batches wherever rows come in order.</summary>
internal sealed class BatchScoringView(IDataView input, IDataView scoredByRow, Classifier classifier, IExceptionContext context) : IDataView
{
    readonly Dictionary<int, string> _added = classifier.Columns.Added.ToDictionary(name => scoredByRow.Schema[name].Index);

    public DataViewSchema Schema => scoredByRow.Schema;

    public bool CanShuffle => scoredByRow.CanShuffle;

    public long? GetRowCount() => scoredByRow.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToList();
        var scores = columns.Where(IsScore).Select(column => column.Index).ToHashSet();
        return scores.Count == 0 || rand is not null
            ? scoredByRow.GetRowCursor(columns, rand)
            : GetBatchCursor(columns.Where(column => !IsScore(column)), scores);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToList();
        return columns.Any(IsScore) && rand is null ? [GetRowCursor(columns)] : scoredByRow.GetRowCursorSet(columns, n, rand);
    }

    bool IsScore(DataViewSchema.Column column) => _added.ContainsKey(column.Index);

    BatchScoringCursor GetBatchCursor(IEnumerable<DataViewSchema.Column> others, HashSet<int> needed)
    {
        var read = classifier.InputOf(input.Schema, context);
        var rows = scoredByRow.GetRowCursor(others);
        var ahead = read.Cursor(input);
        var scores = new LookAheadScores(classifier, rows, ahead, read.Open(ahead));
        return new BatchScoringCursor(rows, scores, needed.ToDictionary(column => column, column => scores.GetterOf(_added[column])));
    }
}

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

/// <summary>Scores in batches: a second cursor runs ahead of the first, and while one batch is scored the next is made ready.</summary>
internal sealed class LookAheadScores(Classifier classifier, DataViewRow row, DataViewRowCursor ahead, IRowIntake intake) : CurrentScores(classifier), IDisposable
{
    const int LargestBatch = 64;

    // Who wants a few rows only does not wait for many.
    int _batch = 4;
    ScoredRows? _scored;
    long _start;
    long _end;
    Task<IScorableRows>? _next;

    public void Dispose()
    {
        Task.WaitAny(_next ?? (Task)Task.CompletedTask);
        ahead.Dispose();
    }

    protected override ReadOnlySpan<float> OfRow()
    {
        while (_scored is null || row.Position >= _end)
            ScoreNext();
        return _scored.Of((int)(row.Position - _start), row.Position);
    }

    void ScoreNext()
    {
        var rows = (_next ?? TakeNext()).GetAwaiter().GetResult();
        if (rows.Count == 0)
            throw Contracts.Except($"The data ended after {_end} rows when read a second time. Scoring needs data that are the same each time they are read; Cache() makes them so.");
        _next = TakeNext();
        _scored = new ScoredRows(Classifier, rows);
        (_start, _end) = (_end, _end + rows.Count);
    }

    Task<IScorableRows> TakeNext() => Task.Run(() =>
    {
        for (var i = 0; i < _batch && ahead.MoveNext(); i++)
            intake.Add();
        _batch = Math.Min(2 * _batch, LargestBatch);
        return intake.Take();
    });
}
