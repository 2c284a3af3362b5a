using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The columns that a text classifier reads.</summary>
internal static class SentenceColumns
{
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it holds something else than texts.</exception>
    public static void Check(SchemaShape input, string sentence1, string? sentence2, IExceptionContext context)
    {
        CheckOne(input, "first sentence", sentence1, context);
        if (sentence2 is not null)
            CheckOne(input, "second sentence", sentence2, context);
    }

    static void CheckOne(SchemaShape input, string role, string name, IExceptionContext context)
    {
        if (!input.TryFindColumn(name, out var column))
            throw context.ExceptSchemaMismatch(nameof(input), role, name);
        if (column.IsKey || column.Kind != SchemaShape.Column.VectorKind.Scalar || column.ItemType != TextDataViewType.Instance)
            throw context.ExceptSchemaMismatch(nameof(input), role, name, "String", column.GetTypeString());
    }
}
