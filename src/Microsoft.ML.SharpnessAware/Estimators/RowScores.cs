using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Scores one row at a time, and each but once, however many columns ask.</summary>
internal sealed class RowScores(ImageClassifier classifier, DataViewRow row, Func<ImageCell> image) : CurrentScores
{
    ScoredImages? _scored;
    long _position;

    protected override ReadOnlySpan<float> OfRow()
    {
        if (_scored is null || _position != row.Position)
        {
            _scored = new ScoredImages(classifier, classifier.Decode([image()]));
            _position = row.Position;
        }
        return _scored.Of(0, row.Position);
    }
}
