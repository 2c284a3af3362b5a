using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view over objects in memory; every cursor enumerates them anew.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IHost _host;
    private readonly IEnumerable<TRow> _rows;
    private readonly RowClass _rowClass;

    public EnumerableDataView(IHostEnvironment env, IEnumerable<TRow> rows, SchemaDefinition definition)
    {
        _host = env.Register("StreamingDataView");
        _rows = rows;
        _rowClass = RowClass.Create(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = _rowClass.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => (_rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, RowCursorUtils.FromColumnsToPredicate(columnsNeeded, Schema));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursorBase
    {
        private readonly EnumerableDataView<TRow> _view;
        private readonly IEnumerator<TRow> _rows;
        private readonly ObjectColumns<TRow> _columns;
        private TRow _current;

        public Cursor(EnumerableDataView<TRow> view, Func<int, bool> isActive)
            : base(view._host)
        {
            _view = view;
            _columns = new ObjectColumns<TRow>(Ch, view._rowClass, () => _current, isActive);
            _rows = view._rows.GetEnumerator();
        }

        public override DataViewSchema Schema => _view.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) =>
            {
                Ch.Check(IsGood, RowCursorUtils.FetchValueStateError);
                id = new DataViewRowId((ulong)Position, 0);
            };

        protected override bool MoveNextCore()
        {
            var moved = _rows.MoveNext();
            _current = moved ? _rows.Current : null;
            if (moved && _current == null)
                throw Ch.Except("Encountered null when iterating over data, this is not supported.");
            return moved;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
