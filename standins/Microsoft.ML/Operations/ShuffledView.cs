using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Rows drawn at random from a pool that the source keeps full.</summary>
internal sealed class ShuffledView : RowToRowTransformBase
{
    private readonly IDataView _rows;
    private readonly int _poolRows;
    private readonly bool _shuffleSource;
    private readonly int _seed;

    public ShuffledView(IHostEnvironment env, IDataView source, int? seed, int poolRows, bool shuffleSource)
        : base(env, "Shuffle", source)
    {
        _poolRows = poolRows;
        _shuffleSource = shuffleSource;
        _seed = seed ?? ((TauswortheHybrid)Host.Rand).NextSigned();
        _rows = ColumnSubset.Cacheable(env, source);
    }

    public override bool CanShuffle => true;

    public override DataViewSchema OutputSchema => _rows.Schema;

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursorCore(columnsNeeded, rand)];

    protected override bool? ShouldUseParallelCursors(Func<int, bool> predicate) => false;

    protected override DataViewRowCursor GetRowCursorCore(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        rand ??= RandomUtils.Create(_seed);
        var input = _rows.GetRowCursor(columnsNeeded, _shuffleSource ? RandomUtils.Create(rand) : null);
        return _poolRows == 1 ? input : new Cursor(Host, input, _poolRows, rand);
    }

    private sealed class Cursor : RootCursorBase
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _rand;
        private readonly ColumnStore<DataViewRowId> _ids;
        private readonly ColumnStore[] _columns;
        private readonly Delegate[] _getters;

        // A ring: the pool is the _live rows from _head on; _slots tells where in the stores each of them is.
        private readonly int[] _slots;
        private int _head = -1;
        private int _live;
        private bool _inputEnded;

        public Cursor(IHost host, DataViewRowCursor input, int poolRows, Random rand)
            : base(host)
        {
            _input = input;
            _rand = rand;
            _slots = [.. Enumerable.Range(0, poolRows)];
            _ids = ColumnStore.Ids(input);
            _columns = [.. input.Schema.Select(column => input.IsColumnActive(column) ? ColumnStore.Create(input, column) : null)];
            _getters = [.. _columns.Select(column => column?.GetterAt(() => _slots[_head]))];
        }

        public override DataViewSchema Schema => _input.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Ch.CheckParam(column.Index < _columns.Length, nameof(column));
            return _columns[column.Index] != null;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            var getter = _getters[column.Index];
            return getter as ValueGetter<TValue>
                ?? throw Ch.Except($"Invalid TValue: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments().First()}'.");
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.GetterAt(() => _slots[_head]);

        protected override bool MoveNextCore()
        {
            if (_head < 0)
                _head = 0;
            else
                Advance();
            while (_live < _slots.Length && !_inputEnded)
                Fetch();
            if (_live == 0)
                return false;
            var chosen = (_head + _rand.Next(_live)) % _slots.Length;
            (_slots[_head], _slots[chosen]) = (_slots[chosen], _slots[_head]);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }

        private void Advance()
        {
            _head = (_head + 1) % _slots.Length;
            _live--;
        }

        private void Fetch()
        {
            if (!MoveInput())
            {
                _inputEnded = true;
                return;
            }

            var place = _slots[(_head + _live++) % _slots.Length];
            _ids.Put(place);
            foreach (var column in _columns)
                column?.Put(place);
        }

        private bool MoveInput()
        {
            try
            {
                return _input.MoveNext();
            }
            catch (Exception ex)
            {
                throw Ch.Except(ex, "Shuffle input cursor reader failed with an exception");
            }
        }
    }
}
