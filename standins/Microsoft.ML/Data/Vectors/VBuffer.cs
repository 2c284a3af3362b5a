using System.Collections;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

public readonly partial struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null)
        : this(length, length, values, indices)
    {
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Check(length >= 0, nameof(length));
        Check(0 <= count && count <= length, nameof(count));
        Check(ArrayUtils.Size(values) >= count, nameof(values));
        Check(count == length || ArrayUtils.Size(indices) >= count, nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        if (IsDense || all)
            return EverySlot();
        return ExplicitSlots();
    }

    public IEnumerable<T> DenseValues() => EverySlot().Select(slot => slot.Value);

    public T GetItemOrDefault(int index)
    {
        T value = default;
        GetItemOrDefault(index, ref value);
        return value;
    }

    public void GetItemOrDefault(int index, ref T destination)
    {
        Check(0 <= index && index < Length, nameof(index));
        var at = IsDense ? index : _indices.AsSpan(0, _count).BinarySearch(index);
        destination = at >= 0 ? _values[at] : default;
    }

    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    public override string ToString()
        => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    private IEnumerable<KeyValuePair<int, T>> ExplicitSlots()
    {
        for (var i = 0; i < _count; i++)
            yield return new(_indices[i], _values[i]);
    }

    private IEnumerable<KeyValuePair<int, T>> EverySlot()
    {
        for (int slot = 0, i = 0; slot < Length; slot++)
        {
            var isExplicit = IsDense || (i < _count && _indices[i] == slot);
            yield return new(slot, isExplicit ? _values[i++] : default);
        }
    }

    private static void Check(bool holds, string parameter, string message = null)
    {
        if (!holds)
            throw message == null ? new ArgumentOutOfRangeException(parameter) : new ArgumentOutOfRangeException(parameter, message);
    }
}
