using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Shim), SuppressGCTransition] internal static partial Flag autograd_is_enabled();
    [LibraryImport(Shim), SuppressGCTransition] internal static partial void autograd_set_enabled(Flag on);
    [LibraryImport(Shim)] internal static partial int tensor_backward(nint t);
    [LibraryImport(Shim)]
    internal static partial int autograd_backward(nint* roots, int root_count, nint* grads, int grad_count, Flag retain_graph,
        Flag create_graph, nint* inputs, int input_count);
    [LibraryImport(Shim)]
    internal static partial int autograd_grad(nint* outputs, int output_count, nint* inputs, int input_count, nint* grads,
        int grad_count, Flag retain_graph, Flag create_graph, Flag allow_unused, nint* result);
}
