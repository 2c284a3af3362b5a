using System.Reflection;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Schemas as text: what an estimator promises, and what a transformer delivers, in the same words.</summary>
static class SchemaText
{
    // Internal in ML.NET; a chain calls it before it fits.
    static readonly MethodInfo Create = typeof(SchemaShape).GetMethod("Create", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(DataViewSchema)])!;

    public static SchemaShape Shape(DataViewSchema schema) => (SchemaShape)Create.Invoke(null, [schema])!;

    public static string Of(SchemaShape shape)
    {
        var text = new StringBuilder();
        foreach (var column in shape.OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            text.AppendLine($"{column.Name}: {Type(column)}");
            foreach (var annotation in column.Annotations.OrderBy(a => a.Name, StringComparer.Ordinal))
                text.AppendLine($"    {annotation.Name}: {Type(annotation)}");
        }
        return text.ToString();
    }

    /// <summary>Types with their sizes, and what annotations hold.</summary>
    public static string Of(DataViewSchema schema)
    {
        var text = new StringBuilder();
        foreach (var column in schema)
        {
            text.AppendLine($"{column.Name}: {column.Type}{(column.IsHidden ? " (hidden)" : "")}");
            foreach (var annotation in column.Annotations.Schema)
                text.AppendLine($"    {annotation.Name}: {annotation.Type} = {Value(column.Annotations, annotation)}");
        }
        return text.ToString();
    }

    static string Type(SchemaShape.Column column) => $"{column.Kind} of {(column.IsKey ? "Key of " : "")}{column.ItemType}";

    static string Value(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation) =>
        (string)typeof(SchemaText).GetMethod(nameof(ValueOf), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(annotation.Type.RawType).Invoke(null, [annotations, annotation.Name])!;

    static string ValueOf<T>(DataViewSchema.Annotations annotations, string kind)
    {
        T value = default!;
        annotations.GetValue(kind, ref value);
        return value switch
        {
            VBuffer<ReadOnlyMemory<char>> texts => string.Join(", ", texts.DenseValues()),
            VBuffer<float> numbers => string.Join(", ", numbers.DenseValues()),
            _ => value!.ToString()!,
        };
    }
}
