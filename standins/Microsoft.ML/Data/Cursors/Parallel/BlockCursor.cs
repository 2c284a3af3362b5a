using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor over blocks that other threads fill.</summary>
internal abstract class BlockCursor : RootCursorBase
{
    private readonly Dictionary<int, BlockColumn> _columns = [];
    private readonly BlockColumn<DataViewRowId> _ids = new();
    private long _batch = -1;
    private int _rowsLeft;

    protected BlockCursor(IChannelProvider provider, DataViewSchema schema, Func<DataViewSchema.Column, bool> isActive)
        : base(provider)
    {
        Schema = schema;
        foreach (var column in schema.Where(isActive))
            _columns.Add(column.Index, BlockColumn.Create(column.Type));
    }

    public override DataViewSchema Schema { get; }

    public override long Batch => _batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _ids.GetValue;

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        Ch.CheckParam(column.Index < Schema.Count, nameof(column));
        return _columns.ContainsKey(column.Index);
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active.");
        var getter = _columns[column.Index].Getter;
        return getter as ValueGetter<TValue>
            ?? throw Ch.Except($"Invalid TValue: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
    }

    /// <summary>The next block, null at the end.</summary>
    protected abstract RowBlock NextBlock();

    protected override bool MoveNextCore()
    {
        if (--_rowsLeft > 0)
        {
            foreach (var column in AllColumns())
                column.Row++;
            return true;
        }
        var block = NextBlock()?.OrThrow();
        if (block == null)
            return false;
        _batch = block.Batch;
        _rowsLeft = block.Count;
        foreach (var (column, values) in AllColumns().Zip(block.Columns))
            column.Set(values);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var column in AllColumns())
                column.Set(null);
        }
        base.Dispose(disposing);
    }

    private IEnumerable<BlockColumn> AllColumns() => _columns.Values.Append(_ids);

    private abstract class BlockColumn
    {
        public int Row { get; set; }

        public abstract Delegate Getter { get; }

        public static BlockColumn Create(DataViewType type)
            => type is VectorDataViewType vector
                ? Utils.MarshalInvoke<BlockColumn>(vector.ItemType.RawType, Vector<int>)
                : Utils.MarshalInvoke<BlockColumn>(type.RawType, Scalar<int>);

        public abstract void Set(Array values);

        private static BlockColumn Scalar<T>() => new BlockColumn<T>();

        private static BlockColumn Vector<T>() => new VectorBlockColumn<T>();
    }

    private class BlockColumn<T> : BlockColumn
    {
        protected T[] Values { get; private set; }

        public override Delegate Getter => (ValueGetter<T>)GetValue;

        public override void Set(Array values)
        {
            Values = (T[])values;
            Row = 0;
        }

        public virtual void GetValue(ref T value)
        {
            CheckState();
            value = Values[Row];
        }

        protected void CheckState() => Contracts.Check(Values != null, "Cannot get value as the cursor is not in a good state");
    }

    private sealed class VectorBlockColumn<T> : BlockColumn<VBuffer<T>>
    {
        public override void GetValue(ref VBuffer<T> value)
        {
            CheckState();
            Values[Row].CopyTo(ref value);
        }
    }
}
