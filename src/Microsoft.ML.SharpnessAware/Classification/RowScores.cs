namespace Microsoft.ML.SharpnessAware;

/// <summary>Scores one row at a time, and each but once, however many columns ask.</summary>
internal sealed class RowScores(Classifier classifier, DataViewRow row, IRowIntake intake) : CurrentScores(classifier)
{
    ScoredRows? _scored;
    long _position;

    protected override ReadOnlySpan<float> OfRow()
    {
        if (_scored is null || _position != row.Position)
        {
            intake.Add();
            _scored = new ScoredRows(Classifier, intake.Take());
            _position = row.Position;
        }
        return _scored.Of(0, row.Position);
    }
}
