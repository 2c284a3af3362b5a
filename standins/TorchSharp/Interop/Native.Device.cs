using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Shim)] internal static partial int cuda_device_count(out int result);
    [LibraryImport(Shim)] internal static partial int cuda_synchronize(int index);
    [LibraryImport(Shim)] internal static partial int torch_get_num_threads(out int result);
    [LibraryImport(Shim)] internal static partial int torch_set_num_threads(int count);
    [LibraryImport(Shim)] internal static partial int torch_get_num_interop_threads(out int result);
    [LibraryImport(Shim)] internal static partial int torch_set_num_interop_threads(int count);
}
