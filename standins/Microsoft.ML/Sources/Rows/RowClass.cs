using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns of a row class, bound to its members.</summary>
internal sealed class RowClass
{
    public readonly record struct Column(string Name, DataViewType Type, MemberInfo Member, DataViewSchema.Annotations Annotations)
    {
        public Type MemberType => RowMembers.MemberType(Member);
    }

    public IReadOnlyList<Column> Columns { get; }

    private RowClass(IReadOnlyList<Column> columns) => Columns = columns;

    public static RowClass Create(Type rowType, SchemaDefinition definition, SchemaDefinition.Direction direction)
        => new([.. (definition ?? SchemaDefinition.Create(rowType, direction)).Select(column => Bind(rowType, column))]);

    /// <summary>The class's members with the types and annotations of a schema that they are to stand for.</summary>
    public static SchemaDefinition Like<TRow>(IExceptionContext context, DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var member = definition[column.Name] ?? throw context.Except($"Type should contain a member named {column.Name}");
            member.ColumnType = column.Type;
            foreach (var annotation in column.Annotations.Schema)
                member.SetAnnotation(RowAnnotation.Copy(column.Annotations, annotation));
        }

        return definition;
    }

    public DataViewSchema ToSchema()
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in Columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }

    private static Column Bind(Type rowType, SchemaDefinition.Column column)
    {
        if (column.MemberName == null)
            throw Contracts.ExceptParam("userSchemaDefinition", "Null field name detected in schema definition");
        var member = RowMembers.Find(rowType, column.MemberName)
            ?? throw Contracts.ExceptParam("userSchemaDefinition", "No field or property with name '{0}' found in type '{1}'", column.MemberName, rowType.FullName);

        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var stored = RowMembers.StoredType(member, out var isVector);
        return new Column(name, column.ColumnType == null ? Inferred(stored, isVector) : Checked(column, name, stored, isVector), member, column.Annotations);
    }

    private static DataViewType Inferred(Type stored, bool isVector)
    {
        var itemType = ColumnTypeExtensions.PrimitiveTypeFromType(stored);
        return isVector ? new VectorDataViewType(itemType) : itemType;
    }

    private static DataViewType Checked(SchemaDefinition.Column column, string name, Type stored, bool isVector)
    {
        var vector = column.ColumnType as VectorDataViewType;
        if (isVector != (vector != null))
        {
            throw Contracts.ExceptParam("userSchemaDefinition", "Column '{0}' is supposed to be {1}, but type of associated field '{2}' is {3}",
                name, vector != null ? "vector" : "scalar", column.MemberName, isVector ? "vector" : "scalar");
        }

        var itemType = (vector?.ItemType ?? column.ColumnType).RawType;
        if (itemType != stored)
        {
            throw Contracts.ExceptParam("userSchemaDefinition", "Column '{0}' is supposed to have item type {1}, but associated field has type {2}",
                name, itemType, stored);
        }

        return column.ColumnType;
    }
}
