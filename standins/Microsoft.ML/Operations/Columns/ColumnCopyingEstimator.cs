using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Gives a column a second name.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(IHostEnvironment env, string outputColumnName, string inputColumnName)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnCopyingEstimator)), new ColumnCopyingTransformer(env, (outputColumnName, inputColumnName)))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        foreach (var (output, inputName) in Transformer.ColumnPairs)
        {
            if (!inputSchema.TryFindColumn(inputName, out var input))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", inputName);
            result[output] = new SchemaShape.Column(output, input.Kind, input.ItemType, input.IsKey, input.Annotations);
        }

        return new SchemaShape(result.Values);
    }
}
