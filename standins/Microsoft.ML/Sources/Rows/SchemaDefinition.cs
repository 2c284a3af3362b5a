using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns of a row class, to be edited by the user before data are read from it or written to it.</summary>
public sealed partial class SchemaDefinition : List<SchemaDefinition.Column>
{
    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    private SchemaDefinition()
    {
    }

    public Column this[string columnName]
    {
        get => Find(column => column.ColumnName == columnName);
        set
        {
            Contracts.CheckValue(value, nameof(value));
            if (value.ColumnName != columnName)
            {
                throw Contracts.ExceptParam(nameof(columnName),
                    "The column name is specified as '{0}' but must match the selector '{1}'.", value.ColumnName, columnName);
            }

            var index = FindIndex(column => column.ColumnName == columnName);
            if (index >= 0)
                this[index] = value;
            else
                Add(value);
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        var columns = new SchemaDefinition();
        var names = new HashSet<string>();
        foreach (var member in RowMembers.Of(userType, direction).Where(RowMembers.IsColumn))
        {
            RegisterCustomType(member, userType);
            var name = RowMembers.ColumnName(member);
            if (!names.Add(name))
                throw Contracts.ExceptParam(nameof(userType), "Duplicate column name '{0}' detected, this is disallowed", name);
            columns.Add(new Column(member.Name, RowMembers.ColumnType(member), name));
        }

        return columns;
    }

    private static void RegisterCustomType(MemberInfo member, Type userType)
    {
        var attributes = member.GetCustomAttributes().OfType<DataViewTypeAttribute>().ToArray();
        if (attributes.Length > 1)
        {
            throw Contracts.ExceptParam(nameof(userType), "Member {0} cannot be marked with multiple attributes, {1}, derived from {2}.",
                member.Name, attributes, typeof(DataViewTypeAttribute));
        }

        foreach (var attribute in attributes)
            attribute.Register();
    }
}
