using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view that reads each column of its source once, when it is first asked for, and keeps it in memory.</summary>
internal sealed class CacheDataView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly ColumnStore[] _columns;
    private readonly Lock _lock = new();
    private long? _rowCount;
    private bool _isCounted;

    public CacheDataView(IHostEnvironment env, IDataView input, int[] prefetch)
    {
        _host = env.Register("Cache");
        _host.CheckValue(input, nameof(input));
        foreach (var column in (prefetch ?? []).Select(index => input.Schema[index]).Where(column => !column.Type.IsCacheable()))
            throw _host.Except("Asked to prefetch column '{0}' into cache, but it is of unhandled type '{1}'", column.Name, column.Type);

        _source = ColumnSubset.Cacheable(_host, input);
        _columns = new ColumnStore[_source.Schema.Count];
        _rowCount = _source.GetRowCount();
        if (prefetch is { Length: > 0 })
            Fill([.. prefetch.Select(index => Schema[input.Schema[index].Name])]);
    }

    public DataViewSchema Schema => _source.Schema;

    public bool CanShuffle => true;

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var needed = columnsNeeded.ToArray();
        Fill(needed);
        var order = rand == null ? null : Utils.GetRandomPermutation(rand, (int)_rowCount.Value);
        return new Cursor(this, Utils.BuildArray(Schema.Count, needed), order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private void Fill(DataViewSchema.Column[] needed)
    {
        lock (_lock)
        {
            var missing = needed.Where(column => _columns[column.Index] == null).ToArray();
            if (missing.Length == 0 && _isCounted)
                return;

            using var channel = _host.Start("Cache Filler");
            channel.Trace("Begin cache of {0} columns", missing.Length);
            using var cursor = _source.GetRowCursor(missing);
            var stores = missing.Select(column => ColumnStore.Create(cursor, column)).ToArray();
            var rows = 0;
            for (; cursor.MoveNext(); rows++)
            {
                foreach (var store in stores)
                    store.Put(rows);
            }

            for (var i = 0; i < missing.Length; i++)
                _columns[missing[i].Index] = stores[i];
            _rowCount = rows;
            _isCounted = true;
        }
    }

    private sealed class Cursor(CacheDataView view, bool[] active, int[] order) : RootCursorBase(view._host)
    {
        public override DataViewSchema Schema => view.Schema;

        public override long Batch => 0;

        private int Place => order == null ? (int)Position : order[Position];

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Ch.CheckParam(column.Index < active.Length, nameof(column));
            return active[column.Index];
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            var getter = view._columns[column.Index].GetterAt(CheckedPlace);
            return getter as ValueGetter<TValue>
                ?? throw Ch.Except($"Invalid TValue: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments().First()}'.");
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)CheckedPlace(), 0);

        protected override bool MoveNextCore() => Position + 1 < view._rowCount;

        private int CheckedPlace()
        {
            Ch.Check(IsGood, RowCursorUtils.FetchValueStateError);
            return Place;
        }
    }
}
