using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(sbyte scalar, Device? device = null, bool requires_grad = false) =>
        FromScalar((long)scalar, ScalarType.Int8, null, device, requires_grad);

    public static Tensor tensor(short scalar, Device? device = null, bool requires_grad = false) =>
        FromScalar((long)scalar, ScalarType.Int16, null, device, requires_grad);

    private static Tensor New(int status, nint result)
    {
        Check(status);
        return new Tensor(result);
    }

    private static Tensor Drawn(int status, nint result, Generator? generator)
    {
        GC.KeepAlive(generator);
        return New(status, result);
    }

    private static Tensor FromScalar(Number value, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad)
    {
        var made = New(torch_scalar(value, new Options(type, device, requires_grad), out var r), r);
        return dtype is { } wanted && wanted != type ? made.to_type(wanted, disposeAfter: true) : made;
    }

    private static unsafe Tensor FromArray<T>(
        ReadOnlySpan<T> array, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
        where T : unmanaged
    {
        Unnamed(names);
        var count = 1L;
        foreach (var size in dimensions) count *= size;
        if (count > array.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {array.Length}");

        var type = ToScalarType(typeof(T));
        var options = new Options(dtype ?? type, device, requires_grad);
        fixed (T* data = array)
        fixed (long* sizes = dimensions)
        {
            return New(torch_from_array((nint)data, (int)type, sizes, dimensions.Length, options, out var r), r);
        }
    }

    private static ReadOnlySpan<T> Flat<T>(Array array) where T : unmanaged =>
        array.Length == 0 ? [] : MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array).As<T>(), array.Length);

    [SuppressMessage("Style", "IDE0060", Justification = "The type argument is the point.")]
    private static ref T As<T>(this ref byte start) where T : unmanaged => ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref start);

    private static ScalarType TypeFor(Scalar value) => is_integral(value.Type) ? ScalarType.Int64 : defaultDtype;

    private static void Drawable(ScalarType? dtype, string function)
    {
        if (dtype is { } type && is_integral(type))
        {
            throw new ArgumentException(
                $"torch.{function}() was passed a bad dtype: {dtype}. It must be floating point or complex.", nameof(dtype));
        }
    }

    private static void Unnamed(string[]? names)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("Named dimensions are not supported here.");
    }
}
