using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public abstract partial class RowToRowTransformerBase : ITransformer
{
    [InternalInMlNet]
    public readonly IHost Host;

    [InternalInMlNet]
    protected RowToRowTransformerBase(IHost host) => Host = host;

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return RowToRowMapperTransform.GetOutputSchema(inputSchema, MakeRowMapper(inputSchema));
    }

    public IDataView Transform(IDataView input) => MakeDataTransform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        return new RowToRowMapperTransform(Host, new EmptyDataView(Host, inputSchema), MakeRowMapper(inputSchema), MakeRowMapper);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    [InternalInMlNet]
    public RowToRowMapperTransform MakeDataTransform(IDataView input)
    {
        Host.CheckValue(input, nameof(input));
        return new RowToRowMapperTransform(Host, input, MakeRowMapper(input.Schema), MakeRowMapper);
    }

    [InternalInMlNet]
    protected abstract void SaveModel(ModelSaveContext ctx);

    [InternalInMlNet]
    protected abstract IRowMapper MakeRowMapper(DataViewSchema schema);
}
