using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

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
