using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>Puts the contents of files in place of their names.</summary>
public sealed class ImageLoadingEstimator : TrivialEstimator<ImageLoadingTransformer>
{
    private readonly bool _decode;

    internal ImageLoadingEstimator(IHostEnvironment env, string imageFolder, bool type, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ImageLoadingEstimator)), new ImageLoadingTransformer(env, imageFolder, type, columns))
        => _decode = type;

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        foreach (var (output, inputName) in Transformer.ColumnPairs)
        {
            if (!inputSchema.TryFindColumn(inputName, out var input))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", inputName);
            if (input.ItemType is not TextDataViewType || input.Kind != SchemaShape.Column.VectorKind.Scalar)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", inputName, TextDataViewType.Instance.ToString(), input.GetTypeString());
            result[output] = _decode
                ? new SchemaShape.Column(output, SchemaShape.Column.VectorKind.Scalar, new ImageDataViewType(), false)
                : new SchemaShape.Column(output, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Byte, false);
        }

        return new SchemaShape(result.Values);
    }
}
