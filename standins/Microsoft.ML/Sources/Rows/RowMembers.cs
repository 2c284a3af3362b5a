using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What the members of a row class say about its columns.</summary>
internal static class RowMembers
{
    public static IEnumerable<MemberInfo> Of(Type rowType, SchemaDefinition.Direction direction)
    {
        Contracts.CheckValue(rowType, "userType");
        var fields = rowType.GetFields(BindingFlags.Public | BindingFlags.Instance);
        var properties = rowType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Where(property => (direction.HasFlag(SchemaDefinition.Direction.Read) && property.GetGetMethod() != null)
                || (direction.HasFlag(SchemaDefinition.Direction.Write) && property.GetSetMethod() != null));
        return fields.Concat<MemberInfo>(properties);
    }

    public static MemberInfo Find(Type rowType, string name) => (MemberInfo)rowType.GetField(name) ?? rowType.GetProperty(name);

    public static bool IsColumn(MemberInfo member)
        => MemberType(member) != typeof(IChannel)
            && member is not FieldInfo { IsLiteral: true }
            && member.GetCustomAttribute<NoColumnAttribute>() == null;

    public static string ColumnName(MemberInfo member) => member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;

    public static Type MemberType(MemberInfo member) => member switch
    {
        FieldInfo field => field.FieldType,
        PropertyInfo property => property.PropertyType,
        _ => throw Contracts.ExceptNotSupp("Expected a FieldInfo or a PropertyInfo"),
    };

    /// <summary>The item type that a data view stores for a member of this type.</summary>
    public static Type StoredType(Type memberType, out bool isVector)
    {
        isVector = true;
        Type item;
        if (memberType.IsArray)
            item = memberType.GetElementType();
        else if (memberType.IsGenericType && memberType.GetGenericTypeDefinition() == typeof(VBuffer<>))
            item = memberType.GetGenericArguments()[0];
        else
        {
            item = memberType;
            isVector = false;
        }

        return item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item;
    }

    public static Type StoredType(MemberInfo member, out bool isVector)
    {
        var type = StoredType(MemberType(member), out isVector);
        return IsKnown(type, member) ? type : throw Unknown(member.Name);
    }

    public static bool IsKnown(Type type, MemberInfo member)
        => type.TryGetDataKind(out _) || DataViewTypeManager.Knows(type, member.GetCustomAttributes());

    public static Exception Unknown(string name)
        => Contracts.ExceptParam("rawType", "Could not determine an IDataView type and registered custom types for member {0}", name);

    public static DataViewType ColumnType(MemberInfo member)
    {
        var stored = StoredType(member, out var isVector);
        if (DataViewTypeManager.Knows(stored, member.GetCustomAttributes()))
            return DataViewTypeManager.GetDataViewType(stored, member.GetCustomAttributes());

        var itemType = ItemType(member, stored);
        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (isVector)
            return vector?.Dims is { Length: > 0 } dims ? new VectorDataViewType(itemType, dims) : new VectorDataViewType(itemType, 0);
        if (vector != null)
            throw Contracts.ExceptParam("userType", $"Member {member.Name} marked with {nameof(VectorTypeAttribute)}, but does not appear to be a vector type");
        return itemType;
    }

    private static PrimitiveDataViewType ItemType(MemberInfo member, Type stored)
    {
        if (member.GetCustomAttribute<KeyTypeAttribute>() is not { } key)
            return ColumnTypeExtensions.PrimitiveTypeFromType(stored);
        if (!KeyDataViewType.IsValidDataType(stored))
            throw Contracts.ExceptParam("userType", "Member {0} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type", member.Name);
        return new KeyDataViewType(stored, key.KeyCount.Count ?? stored.ToMaxInt());
    }
}
