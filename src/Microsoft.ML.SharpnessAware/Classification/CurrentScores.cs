using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The values of the columns that a classifier adds, in the row that a cursor stands on.</summary>
internal abstract class CurrentScores(Classifier classifier)
{
    readonly int _classes = classifier.Classes.Count;

    protected Classifier Classifier { get; } = classifier;

    /// <summary>The getter of one of the columns.</summary>
    public Delegate GetterOf(string column)
    {
        if (column == Classifier.Columns.PredictedLabel)
            return (ValueGetter<uint>)PredictedLabel;
        return column == Classifier.Columns.Score ? (ValueGetter<VBuffer<float>>)Score : (ValueGetter<VBuffer<float>>)Embedding;
    }

    /// <summary>The probabilities of the classes, and then the embedding; NaN where there can be none.</summary>
    /// <exception cref="InvalidOperationException">The row can have none, and the classifier does not skip such rows.</exception>
    protected abstract ReadOnlySpan<float> OfRow();

    void Score(ref VBuffer<float> value) => Copy(OfRow()[.._classes], ref value);

    void Embedding(ref VBuffer<float> value) => Copy(OfRow()[_classes..], ref value);

    // The key of the likeliest class, or 0, a missing one, where there are no scores.
    void PredictedLabel(ref uint key)
    {
        var scores = OfRow()[.._classes];
        key = float.IsNaN(scores[0]) ? 0 : (uint)IndexOfMax(scores) + 1;
    }

    static void Copy(ReadOnlySpan<float> numbers, ref VBuffer<float> value)
    {
        var editor = VBufferEditor.Create(ref value, numbers.Length);
        numbers.CopyTo(editor.Values);
        value = editor.Commit();
    }

    static int IndexOfMax(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best])
                best = i;
        return best;
    }
}
