using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Copies of the values of one column, by place.</summary>
internal abstract class ColumnStore
{
    public static ColumnStore Create(DataViewRowCursor cursor, DataViewSchema.Column column)
        => column.Type is VectorDataViewType vector
            ? Utils.MarshalInvoke<ColumnStore>(vector.ItemType.RawType, Vectors<int>, cursor, column)
            : Utils.MarshalInvoke<ColumnStore>(column.Type.RawType, Scalars<int>, cursor, column);

    /// <summary>Copies the cursor's current value to this place.</summary>
    public abstract void Put(int place);

    /// <summary>A getter of the value at the place that <paramref name="place"/> tells.</summary>
    public abstract Delegate GetterAt(Func<int> place);

    public static ColumnStore<DataViewRowId> Ids(DataViewRowCursor cursor) => new(cursor.GetIdGetter(), (in DataViewRowId id, ref DataViewRowId dst) => dst = id);

    private static ColumnStore Scalars<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
        => new ColumnStore<T>(cursor.GetGetter<T>(column), (in T value, ref T dst) => dst = value);

    private static ColumnStore Vectors<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
        => new ColumnStore<VBuffer<T>>(cursor.GetGetter<VBuffer<T>>(column), (in VBuffer<T> value, ref VBuffer<T> dst) => value.CopyTo(ref dst));
}

internal sealed class ColumnStore<T>(ValueGetter<T> source, ColumnStore<T>.Copy copy) : ColumnStore
{
    public delegate void Copy(in T value, ref T destination);

    private T[] _values = [];

    public override void Put(int place)
    {
        if (place >= _values.Length)
            Array.Resize(ref _values, Math.Max(place + 1, _values.Length * 2));
        source(ref _values[place]);
    }

    public override Delegate GetterAt(Func<int> place) => (ValueGetter<T>)((ref T dst) => copy(in _values[place()], ref dst));
}
