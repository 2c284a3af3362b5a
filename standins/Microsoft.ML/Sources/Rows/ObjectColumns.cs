using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The getters of a row whose values are the members of an object.</summary>
internal sealed class ObjectColumns<TRow>
    where TRow : class
{
    private readonly IExceptionContext _context;
    private readonly Func<TRow> _current;
    private readonly Delegate[] _getters;

    public ObjectColumns(IExceptionContext context, RowClass rowClass, Func<TRow> current, Func<int, bool> isActive)
    {
        _context = context;
        _current = current;
        _getters = [.. rowClass.Columns.Select((column, index) => isActive(index) ? MakeGetter(column) : null)];
    }

    public bool IsActive(DataViewSchema.Column column)
    {
        if (column.Index < 0 || column.Index >= _getters.Length)
            throw _context.Except("Column index must be between 0 and {0}", _getters.Length);
        return _getters[column.Index] != null;
    }

    public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _context.CheckParam(IsActive(column), nameof(column), "requested column not active");
        var getter = _getters[column.Index];
        return getter as ValueGetter<TValue> ?? throw _context.Except($"Invalid TValue in GetGetter for column #{column}: '{typeof(TValue)}', "
            + $"expected type: '{getter.GetType().GetGenericArguments().First()}'.");
    }

    private Delegate MakeGetter(RowClass.Column column)
    {
        var type = column.MemberType;
        if (type == typeof(string))
            return TextGetter(column);
        if (type == typeof(string[]))
            return TextArrayGetter(column);
        if (type.IsArray)
            return Utils.MarshalInvoke<Delegate>(type.GetElementType(), ArrayGetter<int>, column);
        if (column.Type is VectorDataViewType vector)
            return Utils.MarshalInvoke<Delegate>(vector.ItemType.RawType, VectorGetter<int>, column);
        if (column.Type is KeyDataViewType)
            return Utils.MarshalInvoke<Delegate>(type, KeyGetter<int>, column);
        return Utils.MarshalInvoke<Delegate>(type, ScalarGetter<int>, column);
    }

    private ValueGetter<ReadOnlyMemory<char>> TextGetter(RowClass.Column column)
    {
        var peek = MemberAccess.Peek<TRow, string>(column.Member);
        return (ref ReadOnlyMemory<char> dst) =>
        {
            string text = null;
            peek(_current(), ref text);
            dst = text.AsMemory();
        };
    }

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextArrayGetter(RowClass.Column column)
    {
        var peek = MemberAccess.Peek<TRow, string[]>(column.Member);
        return (ref VBuffer<ReadOnlyMemory<char>> dst) =>
        {
            string[] texts = null;
            peek(_current(), ref texts);
            var editor = VBufferEditor.Create(ref dst, Utils.Size(texts));
            for (var i = 0; i < editor.Values.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            dst = editor.Commit();
        };
    }

    private ValueGetter<VBuffer<TItem>> ArrayGetter<TItem>(RowClass.Column column)
    {
        var peek = MemberAccess.Peek<TRow, TItem[]>(column.Member);
        return (ref VBuffer<TItem> dst) =>
        {
            TItem[] items = null;
            peek(_current(), ref items);
            var editor = VBufferEditor.Create(ref dst, Utils.Size(items));
            items.AsSpan().CopyTo(editor.Values);
            dst = editor.Commit();
        };
    }

    private ValueGetter<VBuffer<TItem>> VectorGetter<TItem>(RowClass.Column column)
    {
        var peek = MemberAccess.Peek<TRow, VBuffer<TItem>>(column.Member);
        return (ref VBuffer<TItem> dst) =>
        {
            VBuffer<TItem> items = default;
            peek(_current(), ref items);
            items.CopyTo(ref dst);
        };
    }

    private ValueGetter<TValue> ScalarGetter<TValue>(RowClass.Column column)
    {
        var peek = MemberAccess.Peek<TRow, TValue>(column.Member);
        return (ref TValue dst) => peek(_current(), ref dst);
    }

    private ValueGetter<TKey> KeyGetter<TKey>(RowClass.Column column)
    {
        _context.Check(typeof(TKey) == typeof(ulong) || typeof(TKey) == typeof(uint) || typeof(TKey) == typeof(byte));
        var count = ((KeyDataViewType)column.Type).Count;
        var peek = MemberAccess.Peek<TRow, TKey>(column.Member);
        return (ref TKey dst) =>
        {
            TKey value = default;
            peek(_current(), ref value);
            var number = Convert.ToUInt64(value);
            dst = (TKey)Convert.ChangeType(number < count ? number + 1 : 0, typeof(TKey));
        };
    }
}
