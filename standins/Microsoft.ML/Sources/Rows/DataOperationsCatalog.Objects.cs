using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>A view over objects: one column per public field or property.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        return new EnumerableDataView<TRow>(_env, data, schemaDefinition);
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckValue(schema, nameof(schema));
        return new EnumerableDataView<TRow>(_env, data, RowClass.Like<TRow>(_env, schema));
    }

    /// <summary>The rows of a view as objects.</summary>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        _env.CheckValue(data, nameof(data));
        var columns = RowFiller<TRow>.Bind(_env, data.Schema, ignoreMissingColumns, schemaDefinition);
        return Enumerate<TRow>(data, columns, reuseRowObject);
    }

    private static IEnumerable<TRow> Enumerate<TRow>(IDataView data, (RowClass.Column Member, int Index)[] columns, bool reuseRowObject)
        where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(columns.Select(column => data.Schema[column.Index]));
        var filler = new RowFiller<TRow>(cursor, columns);
        TRow row = null;
        while (cursor.MoveNext())
        {
            if (!reuseRowObject || row == null)
                row = new TRow();
            filler.Fill(row);
            yield return row;
        }
    }
}
