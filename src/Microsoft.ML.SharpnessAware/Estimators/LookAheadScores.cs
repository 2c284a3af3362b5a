using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Scores in batches: a second cursor runs ahead of the first, and while one batch is scored the next is decoded.</summary>
internal sealed class LookAheadScores(ImageClassifier classifier, DataViewRow row, DataViewRowCursor ahead, Func<ImageCell> image) : CurrentScores, IDisposable
{
    const int LargestBatch = 64;

    // Who wants a few rows only does not wait for many.
    int _batch = 4;
    ScoredImages? _scored;
    long _start;
    long _end;
    Task<DecodedImages>? _next;

    public void Dispose()
    {
        Task.WaitAny(_next ?? Task.CompletedTask);
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
        var images = (_next ?? DecodeNext()).GetAwaiter().GetResult();
        if (images.Count == 0)
            throw Contracts.Except($"The data ended after {_end} rows when read a second time. Scoring needs data that are the same each time they are read; Cache() makes them so.");
        _next = DecodeNext();
        _scored = new ScoredImages(classifier, images);
        (_start, _end) = (_end, _end + images.Count);
    }

    Task<DecodedImages> DecodeNext() => Task.Run(() =>
    {
        var cells = new List<ImageCell>(_batch);
        while (cells.Count < _batch && ahead.MoveNext())
            cells.Add(image());
        _batch = Math.Min(2 * _batch, LargestBatch);
        return classifier.Decode(cells);
    });
}
