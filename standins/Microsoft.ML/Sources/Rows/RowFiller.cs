using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Writes the values of a data view's row into the members of an object.</summary>
internal sealed class RowFiller<TRow>
    where TRow : class
{
    private readonly DataViewRow _source;
    private readonly Action<TRow>[] _setters;

    public RowFiller(DataViewRow source, IEnumerable<(RowClass.Column Member, int Index)> columns)
    {
        _source = source;
        _setters = [.. columns.Select(column => MakeSetter(column.Member, source.Schema[column.Index]))];
    }

    /// <summary>Which column each member takes; a member without one is an error, or left alone.</summary>
    public static (RowClass.Column Member, int Index)[] Bind(IHostEnvironment env, DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        CheckMemberTypes(schema, definition);
        var host = env.Register("TypedCursorable");
        var columns = new List<(RowClass.Column, int)>();
        foreach (var member in RowClass.Create(typeof(TRow), definition, SchemaDefinition.Direction.Write).Columns)
        {
            if (!schema.TryGetColumnIndex(member.Name, out var index))
            {
                if (ignoreMissingColumns)
                    continue;
                throw host.ExceptSchemaMismatch("Schema", "", member.Name);
            }

            var type = schema[index].Type;
            var stored = RowMembers.StoredType(member.Member, out var isVector);
            if (isVector != type is VectorDataViewType || type.GetItemType().RawType != stored)
            {
                throw host.Except("Can't bind the IDataView column '{0}' of type '{1}' to field or property '{2}' of type '{3}'.",
                    member.Name, type, member.Member.Name, member.MemberType.FullName);
            }

            columns.Add((member, index));
        }

        return [.. columns];
    }

    public void Fill(TRow row)
    {
        foreach (var set in _setters)
            set(row);
    }

    private static void CheckMemberTypes(DataViewSchema schema, SchemaDefinition definition)
    {
        var members = definition == null
            ? RowMembers.Of(typeof(TRow), SchemaDefinition.Direction.Write)
            : definition.Select(column => RowMembers.Find(typeof(TRow), column.MemberName));
        foreach (var member in members.Where(member => member != null && RowMembers.IsColumn(member)))
        {
            var type = RowMembers.StoredType(RowMembers.MemberType(member), out _);
            var name = RowMembers.ColumnName(member);
            if (RowMembers.IsKnown(type, member) || schema.GetColumnOrNull(name) is not { } column || type == column.Type.RawType)
                continue;
            throw Contracts.ExceptParam("actualType", $"The expected type '{column.Type.RawType}' does not match the type of the '{name}' member: '{type}'. "
                + $"Please change the {name} member to '{column.Type.RawType}'");
        }
    }

    private Action<TRow> MakeSetter(RowClass.Column member, DataViewSchema.Column column)
    {
        var type = member.MemberType;
        if (type == typeof(string))
            return TextSetter(member, column);
        if (type == typeof(string[]))
            return TextArraySetter(member, column);
        if (type.IsArray)
            return Utils.MarshalInvoke<Action<TRow>>(type.GetElementType(), ArraySetter<int>, member, column);
        if (column.Type is VectorDataViewType vector)
            return Utils.MarshalInvoke<Action<TRow>>(vector.ItemType.RawType, VectorSetter<int>, member, column);
        return Utils.MarshalInvoke<Action<TRow>>(type, ScalarSetter<int>, member, column);
    }

    private Action<TRow> TextSetter(RowClass.Column member, DataViewSchema.Column column)
    {
        var get = _source.GetGetter<ReadOnlyMemory<char>>(column);
        var poke = MemberAccess.Poke<TRow, string>(member.Member);
        ReadOnlyMemory<char> value = default;
        return row =>
        {
            get(ref value);
            poke(row, value.ToString());
        };
    }

    private Action<TRow> TextArraySetter(RowClass.Column member, DataViewSchema.Column column)
    {
        var get = _source.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        var peek = MemberAccess.Peek<TRow, string[]>(member.Member);
        var poke = MemberAccess.Poke<TRow, string[]>(member.Member);
        VBuffer<ReadOnlyMemory<char>> values = default;
        return row =>
        {
            get(ref values);
            string[] texts = null;
            peek(row, ref texts);
            if (Utils.Size(texts) != values.Length)
                texts = new string[values.Length];
            foreach (var (slot, text) in values.Items(true))
                texts[slot] = text.ToString();
            poke(row, texts);
        };
    }

    private Action<TRow> ArraySetter<TItem>(RowClass.Column member, DataViewSchema.Column column)
    {
        var get = _source.GetGetter<VBuffer<TItem>>(column);
        var peek = MemberAccess.Peek<TRow, TItem[]>(member.Member);
        var poke = MemberAccess.Poke<TRow, TItem[]>(member.Member);
        VBuffer<TItem> values = default;
        return row =>
        {
            TItem[] items = null;
            peek(row, ref items);
            get(ref values);
            if (Utils.Size(items) != values.Length || !values.IsDense)
                items = new TItem[values.Length];
            values.CopyTo(items);
            poke(row, items);
        };
    }

    private Action<TRow> VectorSetter<TItem>(RowClass.Column member, DataViewSchema.Column column)
    {
        var get = _source.GetGetter<VBuffer<TItem>>(column);
        var peek = MemberAccess.Peek<TRow, VBuffer<TItem>>(member.Member);
        var poke = MemberAccess.Poke<TRow, VBuffer<TItem>>(member.Member);
        VBuffer<TItem> values = default;
        return row =>
        {
            peek(row, ref values);
            get(ref values);
            poke(row, values);
        };
    }

    private Action<TRow> ScalarSetter<TValue>(RowClass.Column member, DataViewSchema.Column column)
    {
        var get = _source.GetGetter<TValue>(column);
        var poke = MemberAccess.Poke<TRow, TValue>(member.Member);
        TValue value = default;
        return row =>
        {
            get(ref value);
            poke(row, value);
        };
    }
}
