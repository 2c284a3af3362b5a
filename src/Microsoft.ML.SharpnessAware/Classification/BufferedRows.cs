using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Rows that a cursor has moved past, to be handed out in turn: where they were, their ids, and copies of what some columns held.</summary>
internal sealed class BufferedRows
{
    readonly DataViewRowCursor _source;
    readonly ValueGetter<DataViewRowId> _id;
    readonly Dictionary<int, BufferedColumn> _columns;
    readonly List<(long Position, long Batch, DataViewRowId Id)> _rows = [];

    /// <param name="source">The cursor.</param>
    /// <param name="columns">The columns whose values are kept. They must be active.</param>
    public BufferedRows(DataViewRowCursor source, IEnumerable<DataViewSchema.Column> columns)
    {
        _source = source;
        _id = source.GetIdGetter();
        _columns = columns.ToDictionary(column => column.Index, column => BufferedColumn.Of(source, column));
    }

    public int Count => _rows.Count;

    /// <summary>Which row is being handed out: -1 before the first.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>The position of that row in the data; -1 where there is none.</summary>
    public long Position => HasRow ? _rows[Index].Position : -1;

    public long Batch => HasRow ? _rows[Index].Batch : 0;

    bool HasRow => Index >= 0 && Index < Count;

    /// <summary>Keeps the row that the cursor stands on.</summary>
    public void Add()
    {
        DataViewRowId id = default;
        _id(ref id);
        foreach (var column in _columns.Values)
            column.Keep(Count);
        _rows.Add((_source.Position, _source.Batch, id));
    }

    /// <summary>Moves on to the next of the rows, if there is one.</summary>
    public bool MoveNext() => ++Index < Count;

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        _rows.Clear();
        Index = -1;
    }

    public void GetId(ref DataViewRowId id)
    {
        CheckHasRow();
        id = _rows[Index].Id;
    }

    /// <summary>The getter of a column, for the row that is being handed out.</summary>
    public Delegate GetterOf(int column) => _columns[column].GetterAt(() =>
    {
        CheckHasRow();
        return Index;
    });

    /// <exception cref="InvalidOperationException">No row is being handed out.</exception>
    public void CheckHasRow()
    {
        if (!HasRow)
            throw Contracts.Except(RowCursorUtils.FetchValueStateError);
    }
}

/// <summary>What a column held in some rows.</summary>
internal abstract class BufferedColumn
{
    /// <summary>Keeps the value in the row that the cursor stands on, as that of the row at that index.</summary>
    public abstract void Keep(int index);

    /// <summary>A getter of the value at an index that may be another one each time.</summary>
    public abstract Delegate GetterAt(Func<int> index);

    public static BufferedColumn Of(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        VectorDataViewType vector => Create(typeof(BufferedVectors<>), vector.ItemType.RawType, row, column),
        { RawType: var type } when type == typeof(MLImage) => new BufferedImages(row, column),
        { RawType: var type } => Create(typeof(BufferedValues<>), type, row, column),
    };

    static BufferedColumn Create(Type kind, Type value, DataViewRow row, DataViewSchema.Column column) =>
        (BufferedColumn)Activator.CreateInstance(kind.MakeGenericType(value), BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions, binder: null, [row, column], culture: null)!;
}

/// <summary>Values of a column, kept in one form and handed out in another. What taking one threw, handing it out throws.</summary>
internal abstract class BufferedColumn<TValue, TKept>(DataViewRow row, DataViewSchema.Column column) : BufferedColumn
{
    readonly ValueGetter<TValue> _getter = row.GetGetter<TValue>(column);
    readonly List<(TKept Value, ExceptionDispatchInfo? Fault)> _values = [];

    public sealed override void Keep(int index)
    {
        if (index == _values.Count)
            _values.Add(default);
        var kept = _values[index].Value;
        try
        {
            Take(_getter, ref kept);
            _values[index] = (kept, null);
        }
        catch (Exception fault)
        {
            _values[index] = (kept, ExceptionDispatchInfo.Capture(fault));
        }
    }

    public sealed override Delegate GetterAt(Func<int> index) => (ValueGetter<TValue>)((ref value) =>
    {
        var (kept, fault) = _values[index()];
        fault?.Throw();
        HandOut(kept, ref value);
    });

    /// <summary>Takes the value of the row that the cursor stands on, in place of that of an earlier row.</summary>
    protected abstract void Take(ValueGetter<TValue> getter, ref TKept kept);

    /// <summary>Gives a copy to the caller, in place of what it has had before.</summary>
    protected abstract void HandOut(TKept kept, ref TValue value);
}

/// <summary>Numbers, keys, texts and other values that nobody changes.</summary>
internal sealed class BufferedValues<T>(DataViewRow row, DataViewSchema.Column column) : BufferedColumn<T, T>(row, column)
{
    protected override void Take(ValueGetter<T> getter, ref T kept)
    {
        // Not the one of an earlier row: a getter may overwrite an object that it finds.
        kept = default!;
        getter(ref kept);
    }

    protected override void HandOut(T kept, ref T value) => value = kept;
}

/// <summary>Vectors.</summary>
internal sealed class BufferedVectors<T>(DataViewRow row, DataViewSchema.Column column) : BufferedColumn<VBuffer<T>, VBuffer<T>>(row, column)
{
    protected override void Take(ValueGetter<VBuffer<T>> getter, ref VBuffer<T> kept) => getter(ref kept);

    protected override void HandOut(VBuffer<T> kept, ref VBuffer<T> value) => kept.CopyTo(ref value);
}

/// <summary>Images. The source may dispose of its own when it moves on, so their pixels are kept.</summary>
internal sealed class BufferedImages(DataViewRow row, DataViewSchema.Column column) : BufferedColumn<MLImage?, BufferedImages.Pixels?>(row, column)
{
    MLImage? _image;

    protected override void Take(ValueGetter<MLImage?> getter, ref Pixels? kept)
    {
        kept = null;
        // The same variable each time: ML.NET's getters dispose of the image that they find in it. Those that do not keep the image for themselves.
        getter(ref _image);
        if (_image is not null)
            kept = new(_image.Width, _image.Height, _image.PixelFormat, _image.Pixels.ToArray(), _image.Tag);
    }

    // As ML.NET's getters do, and for the same reason: the garbage collector does not see how large the image is that is no longer needed.
    protected override void HandOut(Pixels? kept, ref MLImage? value)
    {
        value?.Dispose();
        value = null;
        if (kept is not null)
            value = MLImage.CreateFromPixels(kept.Width, kept.Height, kept.Format, kept.Values);
        value?.Tag = kept!.Tag;
    }

    internal sealed record Pixels(int Width, int Height, MLPixelFormat Format, byte[] Values, string Tag);
}
