namespace Microsoft.ML.Data;

[InternalInMlNet]
public interface ITransformerChainAccessor
{
    ITransformer[] Transformers { get; }

    TransformerScope[] Scopes { get; }
}
