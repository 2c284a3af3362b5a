using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor where they lie, in row-major order whatever the strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private torch.Tensor? tensor;
    private readonly T* data;
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly bool contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
        {
            throw new InvalidOperationException(
                "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }
        shape = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        data = (T*)tensor.DataPointer;
        this.tensor = tensor;
    }

    public long Count => tensor?.numel() ?? 0;

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => data[Offset(indices)];
        set => data[Offset(indices)] = value;
    }

    public T[] ToArray()
    {
        var all = new T[Count];
        if (shape.Length > 1 || all.Length > 0) CopyTo(all);
        return all;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = Length(array.Length, arrayIndex, tensorIndex);
        var target = array.Slice(arrayIndex, count);
        if (contiguous) new ReadOnlySpan<T>(data + tensorIndex, count).CopyTo(target);
        else for (var i = 0; i < count; i++) target[i] = data[Offset(tensorIndex + i)];
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = Length(array.Length, arrayIndex, tensorIndex);
        var source = array.Slice(arrayIndex, count);
        if (contiguous) source.CopyTo(new Span<T>(data + tensorIndex, count));
        else for (var i = 0; i < count; i++) data[Offset(tensorIndex + i)] = source[i];
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0, count = Count; i < count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => tensor = null;

    internal static T ReadItemAt(torch.Tensor tensor, long index)
    {
        tensor.ValidateType(typeof(T));
        return new TensorAccessor<T>(tensor)[index];
    }

    private T At(long index) => data[Offset(index)];

    private int Length(int arrayLength, int arrayIndex, long tensorIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tensorIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tensorIndex, Count);
        return (int)Math.Min(Math.Max(0, arrayLength - arrayIndex), Count - tensorIndex);
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            if (indices[0] >= Count) throw new IndexOutOfRangeException();
            return Offset(indices[0]);
        }
        long offset = 0;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            if (indices[i] >= shape[i] || indices[i] < 0)
                throw new IndexOutOfRangeException($"{indices[i]} >= {shape[i]} in dimension {i}.");
            offset += indices[i] * strides[i];
        }
        return offset;
    }

    private long Offset(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (contiguous) return index;
        long offset = 0;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            index = Math.DivRem(index, shape[i], out var place);
            offset += place * strides[i];
        }
        return offset;
    }
}
