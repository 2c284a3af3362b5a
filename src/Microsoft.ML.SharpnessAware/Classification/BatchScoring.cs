using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Data as the row mapper gives them, but scored in batches.</summary>
/// <remarks>ML.NET walks back through IDataTransforms to find where the data come from, and asks each to save itself where it converts a pipeline to ONNX.</remarks>
internal sealed class BatchScoringView(IDataView input, RowToRowMapperTransform scoredByRow, Classifier classifier, IHost host) : ITransformCanSaveOnnx
{
    const int ThirdPass = 3;

    readonly ColumnBindings _bindings = new(input.Schema, [.. classifier.Columns.Added.Select(name => new DataViewSchema.DetachedColumn(scoredByRow.OutputSchema[name]))]);
    int _passes;

    public IDataView Source => input;

    public DataViewSchema Schema => scoredByRow.OutputSchema;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    /// <remarks>Where no score is asked for, the cursor is the input's.</remarks>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToList();
        return columns.Any(IsScore) ? GetBatchCursor(columns, rand) : scoredByRow.GetRowCursor(columns, rand);
    }

    /// <remarks>One cursor where scores are asked for: computing them takes all cores as it is.</remarks>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToList();
        return columns.Any(IsScore) ? [GetBatchCursor(columns, rand)] : scoredByRow.GetRowCursorSet(columns, n, rand);
    }

    /// <summary>As the row mapper's: scoring in batches gives the same.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)scoredByRow).Save(ctx);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => ((ITransformCanSaveOnnx)scoredByRow).CanSaveOnnx(ctx);

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => ((ITransformCanSaveOnnx)scoredByRow).SaveAsOnnx(ctx);

    bool IsScore(DataViewSchema.Column column)
    {
        _bindings.MapColumnIndex(out var isInput, column.Index);
        return !isInput;
    }

    BatchScoringCursor GetBatchCursor(IEnumerable<DataViewSchema.Column> columns, Random? rand)
    {
        if (Interlocked.Increment(ref _passes) == ThirdPass)
            WarnOfManyPasses();
        var read = classifier.InputOf(input.Schema, host);
        // A second model asks for the columns that it reads, beside those that are asked of it.
        DataViewSchema.Column[] wanted = [.. columns.DistinctBy(column => column.Index)];
        DataViewSchema.Column[] others = [.. wanted.Where(column => !IsScore(column)).Select(column => input.Schema[_bindings.MapColumnIndex(out _, column.Index)])];
        var source = read.Cursor(input, others, rand);
        try
        {
            var rows = new BufferedRows(source, others);
            var scores = new BatchScores(classifier, rows, read.Open(source));
            return new BatchScoringCursor(Schema, source, rows, scores, wanted.ToDictionary(column => column.Index, GetterOf));

            Delegate GetterOf(DataViewSchema.Column column)
            {
                var index = _bindings.MapColumnIndex(out var isInput, column.Index);
                return isInput ? rows.GetterOf(index) : scores.GetterOf(classifier.Columns.Added[index]);
            }
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    void WarnOfManyPasses()
    {
        using var channel = host.Start("Scoring");
        channel.Warning(MessageSensitivity.None, $"The same rows are being scored for the third time: each reader of the columns {string.Join(", ", classifier.Columns.Added)} runs the network on all of them. To score them once, put AppendCacheCheckpoint after this step of the pipeline, or read from mlContext.Data.Cache of what Transform returns.");
    }
}

/// <summary>The rows of a cursor with a classifier's scores: reads some rows, and hands them out one by one before it reads the next. They are scored together when the first score is asked for.</summary>
internal sealed class BatchScoringCursor : DataViewRowCursor
{
    const int LargestBatch = 64;

    readonly DataViewRowCursor _source;
    readonly BufferedRows _rows;
    readonly BatchScores _scores;
    readonly Dictionary<int, Delegate> _getters;

    // Who wants a few rows only does not wait for many.
    int _batch = 4;
    ExceptionDispatchInfo? _fault;

    /// <param name="schema">That of the rows with the scores.</param>
    /// <param name="source">The cursor.</param>
    /// <param name="rows">Keeps its rows.</param>
    /// <param name="scores">Scores them.</param>
    /// <param name="getters">The getters of the active columns, by their index.</param>
    public BatchScoringCursor(DataViewSchema schema, DataViewRowCursor source, BufferedRows rows, BatchScores scores, Dictionary<int, Delegate> getters)
    {
        Schema = schema;
        (_source, _rows, _scores, _getters) = (source, rows, scores, getters);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _rows.Position;

    public override long Batch => _rows.Batch;

    public override bool MoveNext()
    {
        if (_rows.MoveNext())
            return true;
        ReadBatch();
        return _rows.MoveNext();
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => _rows.GetId;

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters.ContainsKey(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_getters.TryGetValue(column.Index, out var getter))
            throw Contracts.Except($"Column '{column.Name}' is not active: ask for it when you open the cursor.");
        return getter as ValueGetter<TValue> ?? throw Contracts.Except($"Column '{column.Name}' has values of type {column.Type.RawType}, not {typeof(TValue)}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();
        base.Dispose(disposing);
    }

    void ReadBatch()
    {
        _rows.Clear();
        _scores.Clear();
        _fault?.Throw();
        try
        {
            while (_rows.Count < Math.Min(_batch, _scores.Most) && _source.MoveNext())
            {
                _rows.Add();
                _scores.Add();
            }
        }
        // It comes to who reads on: nothing is wrong with the rows before.
        catch (Exception fault) when (_rows.Count > 0)
        {
            _fault = ExceptionDispatchInfo.Capture(fault);
        }
        _batch = Math.Min(2 * _batch, LargestBatch);
    }
}

/// <summary>The scores of buffered rows, computed together when the first is asked for.</summary>
internal sealed class BatchScores(Classifier classifier, BufferedRows rows, IRowIntake intake) : CurrentScores(classifier)
{
    // For each row its index among those that could be taken, or why it could not be.
    readonly List<(int Index, ExceptionDispatchInfo? Fault)> _taken = [];
    int _count;
    IScorableRows? _ready;
    ScoredRows? _scored;

    /// <inheritdoc cref="IRowIntake.Most"/>
    public int Most => intake.Most;

    /// <summary>Takes what is scored of the row that the source's cursor stands on.</summary>
    public void Add()
    {
        try
        {
            intake.Add();
            _taken.Add((_count++, null));
        }
        catch (Exception fault)
        {
            _taken.Add((_count, ExceptionDispatchInfo.Capture(fault)));
        }
    }

    public void Clear()
    {
        intake.Clear();
        _taken.Clear();
        (_count, _ready, _scored) = (0, null, null);
    }

    protected override ReadOnlySpan<float> OfRow()
    {
        rows.CheckHasRow();
        var (index, fault) = _taken[rows.Index];
        fault?.Throw();
        _ready ??= intake.Take();
        _scored ??= new ScoredRows(Classifier, _ready);
        return _scored.Of(index, rows.Position);
    }
}
