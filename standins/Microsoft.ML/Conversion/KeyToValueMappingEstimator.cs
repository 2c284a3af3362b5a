using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Puts the values that keys stand for in place of the keys.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToValueMappingEstimator)), new KeyToValueMappingTransformer(env, columns))
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
            if (!input.IsKey)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", inputName, "KeyType", input.GetTypeString());
            if (!input.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values))
                throw Host.ExceptParam(nameof(inputSchema), $"Input column '{inputName}' doesn't contain key values metadata");

            SchemaShape annotations = null;
            if (input.HasSlotNames() && input.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out var slotNames))
                annotations = new SchemaShape([slotNames]);
            result[output] = new SchemaShape.Column(output, input.Kind, values.ItemType, values.IsKey, annotations);
        }

        return new SchemaShape(result.Values);
    }
}
