using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class RowToRowMapperTransform
{
    private sealed class Cursor : SynchronizedCursorBase
    {
        private readonly ColumnBindings _bindings;
        private readonly bool[] _active;
        private readonly Delegate[] _getters;
        private readonly Action _disposer;
        private bool _disposed;

        public Cursor(IChannelProvider provider, DataViewRowCursor input, RowToRowMapperTransform parent, bool[] active)
            : base(provider, input)
        {
            _getters = parent._mapper.CreateGetters(input, parent.ActiveOutputs(active), out _disposer);
            _active = active;
            _bindings = parent._bindings;
        }

        public override DataViewSchema Schema => _bindings.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Ch.Check(column.Index < _bindings.Schema.Count);
            return _active[column.Index];
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.Check(IsColumnActive(column));
            var index = _bindings.MapColumnIndex(out var isSource, column.Index);
            return isSource ? Input.GetGetter<TValue>(Input.Schema[index]) : Typed<TValue>(_getters[index]);
        }

        protected override void Dispose(bool disposing)
        {
            if (_disposed)
                return;
            if (disposing)
                _disposer?.Invoke();
            _disposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class Row : WrappingRow
    {
        private readonly RowToRowMapperTransform _parent;
        private readonly Delegate[] _getters;
        private readonly Action _disposer;

        public Row(DataViewRow input, RowToRowMapperTransform parent, Delegate[] getters, Action disposer)
            : base(input)
        {
            _parent = parent;
            _getters = getters;
            _disposer = disposer;
        }

        public override DataViewSchema Schema => _parent.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            var index = _parent._bindings.MapColumnIndex(out var isSource, column.Index);
            return isSource ? Input.IsColumnActive(Input.Schema[index]) : _getters[index] != null;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var index = _parent._bindings.MapColumnIndex(out var isSource, column.Index);
            return isSource ? Input.GetGetter<TValue>(Input.Schema[index]) : Typed<TValue>(_getters[index]);
        }

        protected override void DisposeCore(bool disposing)
        {
            if (disposing)
                _disposer?.Invoke();
        }
    }
}
