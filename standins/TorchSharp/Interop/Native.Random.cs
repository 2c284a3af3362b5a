using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Shim)] internal static partial int generator_new(ulong seed, out nint result);
    [LibraryImport(Shim)] internal static partial int generator_default(out nint result);
    [LibraryImport(Shim)] internal static partial void generator_delete(nint g);
    [LibraryImport(Shim)] internal static partial int generator_seed(nint g, long seed);
    [LibraryImport(Shim)] internal static partial int generator_initial_seed(nint g, out long result);
    [LibraryImport(Shim)] internal static partial int generator_get_state(nint g, out nint result);
    [LibraryImport(Shim)] internal static partial int generator_set_state(nint g, nint state);
    [LibraryImport(Shim)] internal static partial int cuda_manual_seed_all(long seed);
    [LibraryImport(Shim)] internal static partial int torch_rand(long* size, int dims, nint g, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_randn(long* size, int dims, nint g, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_rand_like(nint t, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_randn_like(nint t, Options o, out nint result);
    [LibraryImport(Shim)]
    internal static partial int torch_randint(long low, long high, long* size, int dims, nint g, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int torch_randperm(long n, nint g, Options o, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_bernoulli(nint t, nint g, out nint result);
    [LibraryImport(Shim)] internal static partial int tensor_bernoulli_(nint t, double p, nint g);
    [LibraryImport(Shim)] internal static partial int tensor_bernoulli__tensor(nint t, nint p, nint g);
    [LibraryImport(Shim)] internal static partial int tensor_normal_(nint t, double mean, double std, nint g);
    [LibraryImport(Shim)] internal static partial int tensor_uniform_(nint t, double low, double high, nint g);
    [LibraryImport(Shim)]
    internal static partial int tensor_multinomial(nint t, long samples, Flag replacement, nint g, out nint result);
}
