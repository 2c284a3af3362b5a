namespace Microsoft.ML.SharpnessAware;

/// <summary>The probabilities for some rows, with their embeddings where there are any, one row after another.</summary>
internal sealed class ScoredRows(Classifier classifier, IScorableRows rows)
{
    readonly int _outputs = classifier.Outputs;
    readonly float[] _scores = classifier.Score(rows);

    /// <summary>The probabilities and the embedding of one row, which the cursor knows as <paramref name="position"/>; NaN where it can have none.</summary>
    /// <exception cref="InvalidOperationException">The row can have none, and the classifier does not skip such rows.</exception>
    public ReadOnlySpan<float> Of(int index, long position)
    {
        var scores = _scores.AsSpan(index * _outputs, _outputs);
        if (rows.IsUnusable(index, position))
            scores.Fill(float.NaN);
        return scores;
    }
}
