using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row whose values are the members of the object set last; the input of a prediction engine.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly IHost _host;
    private readonly ObjectColumns<TRow> _columns;
    private TRow _current;
    private long _position = -1;

    public ObjectRow(IHostEnvironment env, SchemaDefinition definition)
    {
        _host = env.Register("Row");
        var rowClass = RowClass.Create(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = rowClass.ToSchema();
        _columns = new ObjectColumns<TRow>(_host, rowClass, Current, _ => true);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    public void Set(TRow row)
    {
        _host.CheckValue(row, nameof(row));
        _current = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.GetGetter<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Position, 0);

    private TRow Current()
    {
        _host.Check(Position >= 0, RowCursorUtils.FetchValueStateError);
        return _current;
    }
}
