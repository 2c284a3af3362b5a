using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

public readonly partial struct VBuffer<T>
{
    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        Check(0 <= length && length <= ArrayUtils.Size(source), nameof(length));
        Check(0 <= sourceIndex && sourceIndex <= ArrayUtils.Size(source) - length, nameof(sourceIndex));
        var editor = VBufferEditor.Create(ref destination, length, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Check(0 <= sourceIndex && sourceIndex <= Length, nameof(sourceIndex));
        Check(0 <= length && sourceIndex <= Length - length, nameof(length));
        var first = IsDense ? sourceIndex : FirstAtOrAfter(sourceIndex);
        var count = IsDense ? length : FirstAtOrAfter(sourceIndex + length) - first;
        var editor = VBufferEditor.Create(ref destination, length, count);
        _values.AsSpan(first, count).CopyTo(editor.Values);
        for (var i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices[first + i] - sourceIndex;
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        Check(
            0 <= destinationIndex && destinationIndex <= destination.Length - Length,
            nameof(destination),
            "Not large enough to hold these values.");
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        // An empty sparse vector is cleared, not filled with the default value: so does ML.NET.
        target.Fill(_count == 0 ? default : defaultValue);
        for (var i = 0; i < _count; i++)
            target[_indices[i]] = _values[i];
    }

    private int FirstAtOrAfter(int slot)
    {
        var at = _indices.AsSpan(0, _count).BinarySearch(slot);
        return at >= 0 ? at : ~at;
    }
}
