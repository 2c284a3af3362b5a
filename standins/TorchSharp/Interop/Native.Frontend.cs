using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Shim)]
    internal static partial int nn_pad(nint x, long* pad, int count, int mode, double value, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_interpolate(nint x, long* size, int sizes, double* scale, int scales, int mode, int corners,
        Flag recompute, out nint result);
    [LibraryImport(Shim)] internal static partial int init_kaiming_normal_(nint t, double a, long mode, long kind);
    [LibraryImport(Shim)] internal static partial int init_kaiming_uniform_(nint t, double a, long mode, long kind);
    [LibraryImport(Shim)] internal static partial int init_xavier_uniform_(nint t, double gain);
    [LibraryImport(Shim)] internal static partial int init_uniform_(nint t, double low, double high);
    [LibraryImport(Shim)] internal static partial int init_normal_(nint t, double mean, double std);
    [LibraryImport(Shim)] internal static partial int init_constant_(nint t, Number value);
    [LibraryImport(Shim)] internal static partial int init_calculate_gain(long kind, double param, out double result);
    [LibraryImport(Shim)]
    internal static partial int utils_clip_grad_norm_(nint* handles, int count, double max_norm, double norm_type,
        out double result);
    [LibraryImport(Shim)] internal static partial int utils_parameters_to_vector(nint* handles, int count, out nint result);
    [LibraryImport(Shim)] internal static partial int utils_vector_to_parameters(nint vector, nint* handles, int count);
}
