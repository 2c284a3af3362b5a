using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The column that an image classifier reads.</summary>
internal static class FeatureColumn
{
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it holds something else.</exception>
    public static void Check(SchemaShape input, string name, IExceptionContext context)
    {
        if (!input.TryFindColumn(name, out var column))
            throw context.ExceptSchemaMismatch(nameof(input), "feature", name);
        if (column.IsKey || !IsEncoded(column) && !IsDecoded(column) && !IsPixels(column))
            throw context.ExceptSchemaMismatch(nameof(input), "feature", name, ImageReader.Expected, column.GetTypeString());
    }

    static bool IsEncoded(SchemaShape.Column column) => column.Kind != SchemaShape.Column.VectorKind.Scalar && column.ItemType == NumberDataViewType.Byte;

    static bool IsDecoded(SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType.RawType == typeof(MLImage);

    static bool IsPixels(SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType == NumberDataViewType.Single;
}
