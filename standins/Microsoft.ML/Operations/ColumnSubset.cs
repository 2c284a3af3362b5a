using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view without some of its columns.</summary>
internal sealed class ColumnSubset : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly int[] _sourceIndices;

    private ColumnSubset(IHostEnvironment env, IDataView source, IEnumerable<DataViewSchema.Column> kept)
    {
        _host = env.Register("ChooseColumnsByIndex");
        _source = source;
        _sourceIndices = [.. kept.Select(column => column.Index)];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(kept);
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => _source.CanShuffle;

    /// <summary>The view without the columns whose values cannot be copied, such as images.</summary>
    public static IDataView Cacheable(IHostEnvironment env, IDataView source)
    {
        var kept = source.Schema.Where(column => column.Type.IsCacheable()).ToArray();
        return kept.Length == source.Schema.Count ? source : new ColumnSubset(env, source, kept);
    }

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var needed = columnsNeeded.Select(column => _source.Schema[_sourceIndices[column.Index]]);
        return new Cursor(this, _source.GetRowCursor(needed, rand), Utils.BuildArray(Schema.Count, columnsNeeded));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(ColumnSubset view, DataViewRowCursor input, bool[] active) : SynchronizedCursorBase(view._host, input)
    {
        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => Input.GetGetter<TValue>(Input.Schema[view._sourceIndices[column.Index]]);
    }
}
