using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

[InternalInMlNet]
public abstract class TransformBase : IDataView
{
    protected readonly IHost Host;

    protected TransformBase(IHostEnvironment env, string name, IDataView input)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckNonWhiteSpace(name, nameof(name));
        env.CheckValue(input, nameof(input));
        Host = env.Register(name);
        Source = input;
    }

    public IDataView Source { get; }

    public virtual bool CanShuffle => Source.CanShuffle;

    public abstract DataViewSchema OutputSchema { get; }

    DataViewSchema IDataView.Schema => OutputSchema;

    public abstract long? GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var predicate = RowCursorUtils.FromColumnsToPredicate(columnsNeeded, OutputSchema);
        var rng = CanShuffle ? rand : null;
        if (ShouldUseParallelCursors(predicate) != false
            && DataViewUtils.TryCreateConsolidatingCursor(out var cursor, this, columnsNeeded, Host, rng))
        {
            return cursor;
        }
        return GetRowCursorCore(columnsNeeded, rng);
    }

    public abstract DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);

    /// <summary>True: yes; false: no; null: if the source does.</summary>
    protected abstract bool? ShouldUseParallelCursors(Func<int, bool> predicate);

    protected abstract DataViewRowCursor GetRowCursorCore(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);
}

[InternalInMlNet]
public abstract class RowToRowTransformBase : TransformBase
{
    protected RowToRowTransformBase(IHostEnvironment env, string name, IDataView input)
        : base(env, name, input)
    {
    }

    public sealed override long? GetRowCount() => Source.GetRowCount();
}

[InternalInMlNet]
public abstract class FilterBase : TransformBase
{
    protected FilterBase(IHostEnvironment env, string name, IDataView input)
        : base(env, name, input)
    {
    }

    public override DataViewSchema OutputSchema => Source.Schema;

    public override long? GetRowCount() => null;
}
