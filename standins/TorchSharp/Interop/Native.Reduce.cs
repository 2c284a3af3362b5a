using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Shim)] internal static partial int tensor_all(nint a, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_all_dim(nint a, long dim, Flag keep, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_any(nint a, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_any_dim(nint a, long dim, Flag keep, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_max(nint a, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_min(nint a, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_mean(nint a, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_median(nint a, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_dot(nint a, nint b, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_mm(nint a, nint b, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_mv(nint a, nint b, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_bmm(nint a, nint b, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_matmul(nint a, nint b, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_outer(nint a, nint b, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_argmax(nint a, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_argmin(nint a, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_argmax_dim(nint a, long dim, Flag keep, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_argmin_dim(nint a, long dim, Flag keep, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_max_dim(nint a, long dim, Flag keep, out nint values, out nint indices);
    [LibraryImport(Shim)]
    internal static partial int tensor_min_dim(nint a, long dim, Flag keep, out nint values, out nint indices);
    [LibraryImport(Shim)]
    internal static partial int tensor_topk(nint a, long k, long dim, Flag largest, Flag sorted, out nint values,
        out nint indices);
    [LibraryImport(Shim)]
    internal static partial int tensor_sort(nint a, long dim, Flag descending, Flag stable, out nint values, out nint indices);
    [LibraryImport(Shim)] internal static partial int tensor_argsort(nint a, long dim, Flag descending, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_sum(nint a, int dtype, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_sum_dims(nint a, long* dims, int count, Flag keep, int dtype, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_mean_dims(nint a, long* dims, int count, Flag keep, int dtype, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_std(nint a, Flag unbiased, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_var(nint a, Flag unbiased, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_std_dims(nint a, long* dims, int count, Flag unbiased, Flag keep, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_var_dims(nint a, long* dims, int count, Flag unbiased, Flag keep, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_prod(nint a, int dtype, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_cumsum(nint a, long dim, int dtype, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_logsumexp(nint a, long dim, Flag keep, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_count_nonzero(nint a, long* dims, int count, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_bincount(nint a, nint weights, long minlength, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_norm(nint a, float p, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_norm_dim(nint a, long dim, Flag keep, float p, out nint result);
    [LibraryImport(Shim)]
    internal static partial int linalg_vector_norm(nint a, double order, long* dims, int count, Flag keep, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_softmax(nint a, long dim, int dtype, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_log_softmax(nint a, long dim, int dtype, out nint result);
}
