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
