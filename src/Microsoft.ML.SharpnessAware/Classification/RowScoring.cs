using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Adds the columns of a classifier to rows of one schema, row by row.</summary>
internal sealed class ClassifierMapper : IRowMapper, ISaveAsOnnx
{
    readonly ITransformer _transformer;
    readonly Classifier _classifier;
    readonly ClassifierInput _input;
    readonly DataViewSchema.DetachedColumn[] _columns;

    public ClassifierMapper(ITransformer transformer, Classifier classifier, DataViewSchema input, IExceptionContext context)
    {
        (_transformer, _classifier) = (transformer, classifier);
        _input = classifier.InputOf(input, context);
        _columns = [.. classifier.Columns.Added.Select(name => ClassifierSchema.Added(name, classifier, input))];
    }

    DataViewSchema.DetachedColumn[] IRowMapper.GetOutputColumns() => _columns;

    Func<int, bool> IRowMapper.GetDependencies(Func<int, bool> activeOutput) =>
        column => _input.Columns.Any(read => read.Index == column) && Enumerable.Range(0, _columns.Length).Any(activeOutput);

    Delegate?[] IRowMapper.CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action? disposer)
    {
        _classifier.ThrowIfDisposed();
        disposer = null;
        var getters = new Delegate?[_columns.Length];
        int[] active = [.. Enumerable.Range(0, _columns.Length).Where(activeOutput)];
        if (active.Length == 0)
            return getters;
        var scores = new RowScores(_classifier, input, _input.Open(input));
        foreach (var column in active)
            getters[column] = scores.GetterOf(_columns[column].Name);
        return getters;
    }

    ITransformer IRowMapper.GetTransformer() => _transformer;

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_transformer).Save(ctx);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx)
    {
        MlNetOnnx.Check(_classifier, _input.Columns[0].Name);
        return true;
    }

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => MlNetOnnx.Save(_classifier, _input.Columns[0].Name, _columns, ctx);
}

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

/// <summary>Scores one row at a time, and each but once, however many columns ask.</summary>
internal sealed class RowScores(Classifier classifier, DataViewRow row, IRowIntake intake) : CurrentScores(classifier)
{
    readonly bool _isOfData = row is DataViewRowCursor;
    ScoredRows? _scored;
    long _position;

    protected override ReadOnlySpan<float> OfRow()
    {
        if (_scored is null || _position != row.Position)
        {
            // A row that could not be scored may still be there.
            intake.Clear();
            intake.Add();
            _scored = new ScoredRows(Classifier, intake.Take());
            _position = row.Position;
        }
        return _scored.Of(0, _isOfData ? _position : null);
    }
}

/// <summary>The probabilities for some rows, with their embeddings where there are any, one row after another.</summary>
internal sealed class ScoredRows(Classifier classifier, IScorableRows rows)
{
    readonly int _outputs = classifier.Outputs;
    readonly float[] _scores = classifier.Score(rows);

    /// <summary>The probabilities and the embedding of one row; NaN where it can have none.</summary>
    /// <param name="index">Which of the rows.</param>
    /// <param name="position">Its position in the data; null where it is the row of a PredictionEngine, which counts predictions instead.</param>
    /// <exception cref="InvalidOperationException">The row can have none, and the classifier does not skip such rows.</exception>
    public ReadOnlySpan<float> Of(int index, long? position)
    {
        var scores = _scores.AsSpan(index * _outputs, _outputs);
        if (rows.IsUnusable(index, position))
            scores.Fill(float.NaN);
        return scores;
    }

    /// <summary>What errors call the row at that position in the data.</summary>
    public static string NameOf(long? position) => position is { } number ? $"row {number} (counting from 0)" : "this row";
}
