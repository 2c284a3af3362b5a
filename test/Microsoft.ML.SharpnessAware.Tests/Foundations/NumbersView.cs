using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

/// <summary>A view of one key column that counts 1, 2, 3, 1, 2, 3 …, made of nothing but ML.NET's public types.</summary>
internal sealed class NumbersView(int rows, int failAtRow = -1) : IDataView
{
    public static readonly string[] Names = ["one", "two", "three"];

    private int _openCursors;

    public int OpenCursors => Volatile.Read(ref _openCursors);

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = MakeSchema();

    public long? GetRowCount() => rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        => new Cursor(this, columnsNeeded.Any());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema MakeSchema()
    {
        var names = new VBuffer<ReadOnlyMemory<char>>(Names.Length, [.. Names.Select(name => name.AsMemory())]);
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
            "KeyValues",
            new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => names.CopyTo(ref value));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Number", new KeyDataViewType(typeof(uint), names.Length), annotations.ToAnnotations());
        return schema.ToSchema();
    }

    private int Rows => rows;

    private int FailAtRow => failAtRow;

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly NumbersView _view;
        private readonly bool _active;
        private long _position = -1;
        private bool _open = true;

        public Cursor(NumbersView view, bool active)
        {
            _view = view;
            _active = active;
            Interlocked.Increment(ref view._openCursors);
        }

        public override DataViewSchema Schema => _view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (!_open || _position + 1 >= _view.Rows)
                return false;
            _position++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => (ValueGetter<TValue>)(Delegate)(ValueGetter<uint>)GetNumber;

        protected override void Dispose(bool disposing)
        {
            if (_open)
                Interlocked.Decrement(ref _view._openCursors);
            _open = false;
        }

        private void GetNumber(ref uint value)
        {
            if (_position == _view.FailAtRow)
                throw new InvalidDataException($"Row {_position} is broken.");
            value = (uint)(_position % Names.Length) + 1;
        }
    }
}
