using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An input schema with columns added: a column of a known name goes right after its namesakes, a new one to the end.</summary>
[InternalInMlNet]
public sealed class ColumnBindings
{
    // Input columns as they are, added columns as ~index.
    private readonly int[] _origins;

    public ColumnBindings(DataViewSchema input, DataViewSchema.DetachedColumn[] addedColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(addedColumns, nameof(addedColumns));
        InputSchema = input;
        var origins = new List<int>(Enumerable.Range(0, input.Count));
        string NameOf(int origin) => origin >= 0 ? input[origin].Name : addedColumns[~origin].Name;
        for (var i = 0; i < addedColumns.Length; i++)
        {
            var namesake = origins.FindLastIndex(origin => NameOf(origin) == addedColumns[i].Name);
            origins.Insert(namesake < 0 ? origins.Count : namesake + 1, ~i);
        }
        _origins = [.. origins];
        Schema = SchemaExtensions.MakeSchema(origins.Select(o => o >= 0 ? new DataViewSchema.DetachedColumn(input[o]) : addedColumns[~o]));
        AddedColumnIndices = [.. Enumerable.Range(0, addedColumns.Length).Select(i => Array.IndexOf(_origins, ~i))];
    }

    public IReadOnlyList<int> AddedColumnIndices { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema Schema { get; }

    public int MapColumnIndex(out bool isSrcColumn, int col)
    {
        var origin = _origins[col];
        isSrcColumn = origin >= 0;
        return isSrcColumn ? origin : ~origin;
    }

    public bool[] GetActiveInput(Func<int, bool> predicate)
    {
        var active = new bool[InputSchema.Count];
        for (var i = 0; i < _origins.Length; i++)
        {
            if (_origins[i] >= 0 && predicate(i))
                active[_origins[i]] = true;
        }
        return active;
    }
}
