using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The current value of one column of a text file.</summary>
internal abstract class TextPipe(TextColumn column)
{
    public TextColumn Column { get; } = column;

    /// <summary>Whether a text that cannot be read is a missing value; otherwise it is an error.</summary>
    public bool HasMissing { get; protected init; }

    public abstract Delegate Getter { get; }

    public static TextPipe Create(TextColumn column, TextFormat format)
        => Utils.MarshalInvoke<TextPipe>(column.ItemType.RawType, Create<int>, column, format);

    public abstract void Reset(int size);

    /// <summary>Takes the text as the slot's value; false when it cannot be read.</summary>
    public abstract bool Take(int slot, ReadOnlyMemory<char> text);

    private static TextPipe Create<T>(TextColumn column, TextFormat format)
        => column.Type is VectorDataViewType ? new VectorTextPipe<T>(column, format) : new ScalarTextPipe<T>(column, format);
}

internal sealed class ScalarTextPipe<T> : TextPipe
{
    private readonly TryParseText<T> _tryParse;
    private T _value;

    public ScalarTextPipe(TextColumn column, TextFormat format)
        : base(column)
    {
        _tryParse = TextParsing.Of<T>(column.ItemType, format.DecimalMarker, format.MissingRealsAsNaNs);
        HasMissing = MissingValues.TestOf<T>(column.ItemType) != null;
    }

    public override Delegate Getter => (ValueGetter<T>)((ref T value) => value = _value);

    public override void Reset(int size) => _value = default;

    public override bool Take(int slot, ReadOnlyMemory<char> text) => _tryParse(text, out _value);
}

internal sealed class VectorTextPipe<T> : TextPipe
{
    private readonly TryParseText<T> _tryParse;
    private readonly List<T> _values = [];
    private readonly List<int> _slots = [];
    private int _size;

    public VectorTextPipe(TextColumn column, TextFormat format)
        : base(column)
    {
        _tryParse = TextParsing.Of<T>(column.ItemType, format.DecimalMarker, format.MissingRealsAsNaNs);
        HasMissing = MissingValues.TestOf<T>(column.ItemType) != null;
    }

    public override Delegate Getter => (ValueGetter<VBuffer<T>>)Get;

    public override void Reset(int size)
    {
        _size = size;
        _values.Clear();
        _slots.Clear();
    }

    public override bool Take(int slot, ReadOnlyMemory<char> text)
    {
        var good = _tryParse(text, out var value);
        _slots.Add(slot);
        _values.Add(value);
        return good;
    }

    private void Get(ref VBuffer<T> dst)
    {
        var isSparse = _values.Count <= _size / 2;
        var editor = VBufferEditor.Create(ref dst, _size, isSparse ? _values.Count : _size);
        editor.Values.Clear();
        for (var i = 0; i < _values.Count; i++)
        {
            editor.Values[isSparse ? i : _slots[i]] = _values[i];
            if (isSparse && editor.Indices.Length > 0)
                editor.Indices[i] = _slots[i];
        }

        dst = editor.Commit();
    }
}
