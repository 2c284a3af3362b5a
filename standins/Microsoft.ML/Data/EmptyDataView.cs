using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

[InternalInMlNet]
public sealed class EmptyDataView : IDataView
{
    private readonly IHost _host;

    public EmptyDataView(IHostEnvironment env, DataViewSchema schema)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(EmptyDataView));
        _host.CheckValue(schema, nameof(schema));
        Schema = schema;
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => 0;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(_host, Schema, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [new Cursor(_host, Schema, columnsNeeded)];

    private sealed class Cursor : RootCursorBase
    {
        private readonly bool[] _active;

        public Cursor(IChannelProvider provider, DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
            : base(provider)
        {
            Schema = schema;
            _active = Utils.BuildArray(schema.Count, columnsNeeded);
        }

        public override DataViewSchema Schema { get; }

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            return (ref TValue _) => throw Ch.Except(RowCursorUtils.FetchValueStateError);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId _) => throw Ch.Except(RowCursorUtils.FetchValueStateError);

        protected override bool MoveNextCore() => false;
    }
}
