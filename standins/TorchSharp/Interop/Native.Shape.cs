using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Shim)] internal static partial int tensor_view(nint t, long* values, int count, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_reshape(nint t, long* values, int count, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_permute(nint t, long* values, int count, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_repeat(nint t, long* values, int count, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_flip(nint t, long* values, int count, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_expand(nint t, long* size, int count, Flag @implicit, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_flatten(nint t, long start, long end, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_transpose(nint t, long a, long b, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_t(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_squeeze(nint t, long* dim, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_unsqueeze(nint t, long dim, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_as_strided(nint t, long* size, int size_count, long* stride, int stride_count, long offset,
        out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_narrow(nint t, long dim, long start, long length, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_slice(nint t, long dim, long start, long finish, long step, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_select(nint t, long dim, long index, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_roll(nint t, long* shifts, int shift_count, long* dims, int dim_count, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_tril(nint t, long diagonal, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_triu(nint t, long diagonal, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_cat(nint* handles, int count, long dim, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_stack(nint* handles, int count, long dim, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_unbind(nint t, long dim, nint* result);
    [LibraryImport(Shim)] internal static partial int tensor_split(nint t, long* parts, int count, long dim, nint* result);
    [LibraryImport(Shim)] internal static partial int tensor_index_select(nint t, long dim, nint index, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_gather(nint t, long dim, nint index, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_scatter_(nint t, long dim, nint index, nint source);
    [LibraryImport(Shim)] internal static partial int tensor_scatter_add_(nint t, long dim, nint index, nint source);
    [LibraryImport(Shim)] internal static partial int tensor_take(nint t, nint index, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_masked_select(nint t, nint mask, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_nonzero(nint t, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_index(nint t, torch.TensorIndex.Native* items, int count, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_index_put_(nint t, torch.TensorIndex.Native* items, int count, nint value);
    [LibraryImport(Shim)]
    internal static partial int tensor_index_put__scalar(nint t, torch.TensorIndex.Native* items, int count, Number value);
}
