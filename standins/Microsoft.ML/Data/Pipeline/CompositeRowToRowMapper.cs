using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Mappers one after the other.</summary>
[InternalInMlNet]
public sealed class CompositeRowToRowMapper : IRowToRowMapper, IDisposable
{
    private bool _disposed;

    public CompositeRowToRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        InnerMappers = mappers ?? [];
        InputSchema = inputSchema;
        OutputSchema = InnerMappers.LastOrDefault()?.OutputSchema ?? inputSchema;
    }

    public IRowToRowMapper[] InnerMappers { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    IEnumerable<DataViewSchema.Column> IRowToRowMapper.GetDependencies(IEnumerable<DataViewSchema.Column> columnsNeeded)
        => Enumerable.Reverse(InnerMappers).Aggregate(columnsNeeded, (columns, mapper) => mapper.GetDependencies(columns));

    DataViewRow IRowToRowMapper.GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.CheckParam(input.Schema == InputSchema, nameof(input), "Schema did not match original schema");
        var active = Utils.BuildArray(OutputSchema.Count, activeColumns);
        if (InnerMappers.Length == 0)
        {
            foreach (var column in InputSchema.Where(c => active[c.Index] && !input.IsColumnActive(c)))
                throw Contracts.ExceptParam(nameof(input), $"Mapper required column '{column.Name}' active but it was not.");
            return input;
        }

        var outputs = new IEnumerable<DataViewSchema.Column>[InnerMappers.Length];
        outputs[^1] = OutputSchema.Where(c => active[c.Index]);
        for (var i = outputs.Length - 1; i > 0; i--)
            outputs[i - 1] = InnerMappers[i].GetDependencies(outputs[i]);
        var row = input;
        for (var i = 0; i < outputs.Length; i++)
            row = InnerMappers[i].GetRow(row, outputs[i]);
        return row;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        foreach (var mapper in InnerMappers)
            (mapper as IDisposable)?.Dispose();
        _disposed = true;
    }
}
