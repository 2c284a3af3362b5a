using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Runs a transformer on one object at a time. Not thread safe; several engines may share a transformer.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ObjectRow<TSrc> _input;
    private readonly DataViewRow _output;
    private readonly RowFiller<TDst> _filler;
    private readonly bool _ownsTransformer;
    private bool _disposed;

    private protected PredictionEngineBase(
        IHostEnvironment env,
        ITransformer transformer,
        bool ignoreMissingColumns,
        SchemaDefinition inputSchemaDefinition,
        SchemaDefinition outputSchemaDefinition,
        bool ownsTransformer)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(transformer, nameof(transformer));
        env.CheckParam(transformer.IsRowToRowMapper, nameof(transformer), "Must be a row to row mapper");
        Transformer = transformer;
        _ownsTransformer = ownsTransformer;
        _input = new ObjectRow<TSrc>(env, inputSchemaDefinition);
        var mapper = transformer.GetRowToRowMapper(_input.Schema);
        var columns = RowFiller<TDst>.Bind(env, mapper.OutputSchema, ignoreMissingColumns, outputSchemaDefinition);
        _output = mapper.GetRow(_input, mapper.OutputSchema);
        _filler = new RowFiller<TDst>(_output, columns);
        OutputSchema = transformer.GetOutputSchema(_input.Schema);
    }

    public DataViewSchema OutputSchema { get; }

    private protected ITransformer Transformer { get; }

    public TDst Predict(TSrc example)
    {
        var result = new TDst();
        Predict(example, ref result);
        return result;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose()
    {
        if (_disposed)
            return;
        _input.Dispose();
        if (_ownsTransformer)
            (Transformer as IDisposable)?.Dispose();
        _disposed = true;
    }

    private protected void ExtractValues(TSrc example) => _input.Set(example);

    private protected void FillValues(TDst prediction) => _filler.Fill(prediction);
}
