using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Shim)] internal static partial void tensor_delete(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial long tensor_numel(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial long tensor_dim(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial int tensor_dtype(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial long tensor_element_size(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial int tensor_device_type(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial int tensor_device_index(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial Flag tensor_requires_grad(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial Flag tensor_is_sparse(nint t);
    [LibraryImport(Shim)] internal static partial Flag tensor_is_leaf(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial Flag tensor_is_contiguous(nint t);
    [LibraryImport(Shim)] internal static partial int tensor_size(nint t, long dim, out long result);
    [LibraryImport(Shim)] internal static partial int tensor_stride(nint t, long dim, out long result);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial void tensor_sizes(nint t, long* result);
    [LibraryImport(Shim)] internal static partial int tensor_strides(nint t, long* result);
    [LibraryImport(Shim)] internal static partial int tensor_storage_offset(nint t, out long result);
    [LibraryImport(Shim)] internal static partial int tensor_data(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_item(nint t, out Number result);
    [LibraryImport(Shim)] internal static partial int tensor_set_requires_grad(nint t, Flag on);
    [LibraryImport(Shim)] internal static partial int tensor_retain_grad(nint t);
    [LibraryImport(Shim)] internal static partial int tensor_grad(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_set_grad(nint t, nint grad);
    [LibraryImport(Shim)] internal static partial int tensor_alias(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_share(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_detach(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_detach_(nint t);
    [LibraryImport(Shim)] internal static partial int tensor_clone(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_contiguous(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_cpu(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_pin_memory(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_is_pinned(nint t, out Flag result);
    [LibraryImport(Shim)] internal static partial int tensor_copy_(nint t, nint source, Flag non_blocking);
    [LibraryImport(Shim)] internal static partial int tensor_set_(nint t, nint source);
    [LibraryImport(Shim)]
    internal static partial int tensor_to_dtype(nint t, int dtype, Flag copy, Flag non_blocking, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_to_device(nint t, int type, int index, Flag copy, Flag non_blocking, out nint result);
    [LibraryImport(Shim)]
    internal static partial int tensor_to(nint t, int dtype, int type, int index, Flag copy, Flag non_blocking, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_zero_(nint t, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_fill_(nint t, Number value);
}
