using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of its source with the columns of a row mapper added.</summary>
[InternalInMlNet]
public sealed partial class RowToRowMapperTransform : RowToRowTransformBase, IRowToRowMapper
{
    public const string RegistrationName = "RowToRowMapperTransform";

    private readonly IRowMapper _mapper;
    private readonly ColumnBindings _bindings;

    public RowToRowMapperTransform(IHostEnvironment env, IDataView input, IRowMapper mapper, Func<DataViewSchema, IRowMapper> mapperFactory)
        : base(env, RegistrationName, input)
    {
        Contracts.CheckValue(mapper, nameof(mapper));
        _mapper = mapper;
        _bindings = new ColumnBindings(input.Schema, mapper.GetOutputColumns());
    }

    public override DataViewSchema OutputSchema => _bindings.Schema;

    public DataViewSchema InputSchema => Source.Schema;

    public static DataViewSchema GetOutputSchema(DataViewSchema inputSchema, IRowMapper mapper)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        Contracts.CheckValue(mapper, nameof(mapper));
        return new ColumnBindings(inputSchema, mapper.GetOutputColumns()).Schema;
    }

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var predicate = RowCursorUtils.FromColumnsToPredicate(columnsNeeded, OutputSchema);
        var active = Active(predicate, out var inputColumns);
        var inputs = Source.GetRowCursorSet(inputColumns, n, rand);
        if (inputs.Length == 1 && n > 1 && _bindings.AddedColumnIndices.Any(predicate))
            inputs = DataViewUtils.CreateSplitCursors(Host, inputs[0], n);
        return [.. inputs.Select(input => new Cursor(Host, input, this, active))];
    }

    IEnumerable<DataViewSchema.Column> IRowToRowMapper.GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        Active(RowCursorUtils.FromColumnsToPredicate(dependingColumns, OutputSchema), out var inputColumns);
        return inputColumns;
    }

    DataViewRow IRowToRowMapper.GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Host.CheckValue(input, nameof(input));
        Host.CheckValue(activeColumns, nameof(activeColumns));
        Host.Check(input.Schema == Source.Schema, "Schema of input row must be the same as the schema the mapper is bound to");
        using var channel = Host.Start("GetEntireRow");
        var active = Utils.BuildArray(OutputSchema.Count, activeColumns);
        var getters = _mapper.CreateGetters(input, ActiveOutputs(active), out var disposer);
        return new Row(input, this, getters, disposer);
    }

    internal ITransformer GetTransformer() => _mapper.GetTransformer();

    protected override bool? ShouldUseParallelCursors(Func<int, bool> predicate)
        => _bindings.AddedColumnIndices.Any(predicate) ? true : null;

    protected override DataViewRowCursor GetRowCursorCore(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Active(RowCursorUtils.FromColumnsToPredicate(columnsNeeded, OutputSchema), out var inputColumns);
        return new Cursor(Host, Source.GetRowCursor(inputColumns, rand), this, active);
    }

    private bool[] Active(Func<int, bool> predicate, out IEnumerable<DataViewSchema.Column> inputColumns)
    {
        var active = Utils.BuildArray(OutputSchema.Count, predicate);
        var activeInput = _bindings.GetActiveInput(predicate);
        var needed = _mapper.GetDependencies(ActiveOutputs(active));
        inputColumns = InputSchema.Where(column => activeInput[column.Index] || needed(column.Index));
        return active;
    }

    private Func<int, bool> ActiveOutputs(bool[] active)
        => added => 0 <= added && added < _bindings.AddedColumnIndices.Count && active[_bindings.AddedColumnIndices[added]];

    private static ValueGetter<TValue> Typed<TValue>(Delegate getter)
        => getter as ValueGetter<TValue>
            ?? throw Contracts.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', "
                + $"expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
}
