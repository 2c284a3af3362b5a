using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Shim)] internal static partial int torch_zeros(long* size, int dims, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_zeros_like(nint t, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_ones(long* size, int dims, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_ones_like(nint t, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_empty(long* size, int dims, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_empty_like(nint t, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_full(long* size, int dims, Number value, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_full_like(nint t, Number value, Options o, out nint result);
    [LibraryImport(Shim)]
    internal static partial int torch_arange(Number start, Number stop, Number step, Options o, out nint result);
    [LibraryImport(Shim)]
    internal static partial int torch_linspace(double start, double end, long steps, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_eye(long rows, long columns, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_scalar(Number value, Options o, out nint result);
    [LibraryImport(Shim)]
    internal static partial int torch_from_array(nint data, int array_dtype, long* size, int dims, Options o, out nint result);
}
