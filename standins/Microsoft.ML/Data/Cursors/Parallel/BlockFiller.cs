using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Copies rows of a cursor into blocks: its active columns, then the row's id.</summary>
internal sealed class BlockFiller
{
    private readonly List<ColumnFiller> _columns = [];

    public BlockFiller(DataViewRowCursor cursor)
    {
        foreach (var column in cursor.Schema.Where(cursor.IsColumnActive))
            _columns.Add(Utils.MarshalInvoke<ColumnFiller>(column.Type.RawType, Filler<int>, cursor, column));
        _columns.Add(new ColumnFiller<DataViewRowId>(cursor.GetIdGetter()));
    }

    public int Count { get; private set; }

    public void AddRow()
    {
        foreach (var column in _columns)
            column.Add(Count);
        Count++;
    }

    public RowBlock TakeBlock(long batch)
    {
        var block = new RowBlock(batch, Count, [.. _columns.Select(column => column.Take())]);
        Count = 0;
        return block;
    }

    private static ColumnFiller<T> Filler<T>(DataViewRowCursor cursor, DataViewSchema.Column column) => new(cursor.GetGetter<T>(column));

    private abstract class ColumnFiller
    {
        public abstract void Add(int row);

        public abstract Array Take();
    }

    private sealed class ColumnFiller<T> : ColumnFiller
    {
        private readonly ValueGetter<T> _getter;
        private T[] _values = [];

        public ColumnFiller(ValueGetter<T> getter) => _getter = getter;

        public override void Add(int row)
        {
            if (row == _values.Length)
                Array.Resize(ref _values, Math.Max(16, 2 * row));
            _getter(ref _values[row]);
        }

        public override Array Take()
        {
            var values = _values;
            _values = [];
            return values;
        }
    }
}
