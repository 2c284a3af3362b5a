using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.SharpnessAware;

/// <summary>oneDNN, the library that libtorch computes convolutions with on a CPU. Without it libtorch computes them itself.</summary>
/// <remarks>
/// On an AMD processor oneDNN 3.7, which libtorch 2.10 contains, reads the sizes of the caches from CPUID leaf 0x8000001D, whatever is there
/// (Cpu::setCacheHierarchy in its src/cpu/x64/xbyak/xbyak_util.h). Some virtual machines leave that leaf empty, and then oneDNN takes each cache for one byte:
/// some convolutions lose a part of their filters, others divide by zero, which ends the process. Of its kind is uxlfoundation/oneDNN#5313.
/// </remarks>
internal static class OneDnn
{
    const uint CachesOfAmd = 0x8000001D;

    static readonly LibtorchSwitch _switch = new("_ZN2at7Context20setUserEnabledMkldnnEb", "_ZNK2at7Context17userEnabledMkldnnEv");

    static readonly Lazy<bool> _isOffForCaches = new(() => MisreadsCaches(Cpuid) && SwitchOff());

    /// <summary>What <see cref="Cpuid"/> gives for a leaf and a part of it: the registers EAX, EBX, ECX and EDX.</summary>
    internal delegate (uint A, uint B, uint C, uint D) CpuidFunction(uint leaf, uint part);

    /// <summary>Has libtorch, which is loaded, do without it where it would not know the sizes of the caches; once per process.</summary>
    /// <returns>Whether it is off for that.</returns>
    public static bool SwitchOffWithoutCacheSizes() => _isOffForCaches.Value;

    /// <summary>Has libtorch do without it.</summary>
    /// <returns>Whether it is off: not in builds without it, and not where the switch has another name.</returns>
    public static bool SwitchOff() => _switch.TurnOff();

    /// <summary>Whether it takes the caches of the processor for one byte.</summary>
    internal static bool MisreadsCaches(CpuidFunction? cpuid) =>
        cpuid is not null && IsAmd(cpuid(0, 0)) && (IsEmpty(cpuid(CachesOfAmd, 0)) || IsEmpty(cpuid(CachesOfAmd, 2)));

    static CpuidFunction? Cpuid => !X86Base.IsSupported ? null : static (leaf, part) =>
    {
        var (a, b, c, d) = X86Base.CpuId((int)leaf, (int)part);
        return ((uint)a, (uint)b, (uint)c, (uint)d);
    };

    // "AuthenticAMD".
    static bool IsAmd((uint A, uint B, uint C, uint D) vendor) => vendor is (_, 0x68747541, 0x444D4163, 0x69746E65);

    // The number of sets less one, and the ways, partitions and the line's length less one.
    static bool IsEmpty((uint A, uint B, uint C, uint D) cache) => cache is (_, 0, 0, _);
}

/// <summary>NNPACK, one of the libraries that libtorch may compute convolutions with.</summary>
/// <remarks>
/// libtorch does not give oneDNN a convolution of a single small image (20,480 numbers or fewer), and asks NNPACK first whether it is there. On a CPU
/// that NNPACK does not know, each such question writes "Could not initialize NNPACK!" to standard error. The answer does not matter: NNPACK gets
/// batches of 16 or more alone, and on x64 oneDNN has taken those before.
/// </remarks>
internal static class Nnpack
{
    static readonly LibtorchSwitch _switch = new("_ZN2at7Context20setUserEnabledNNPACKEb", "_ZNK2at7Context17userEnabledNNPACKEv");

    static readonly Lazy<bool> _isSilent = new(() => RuntimeInformation.ProcessArchitecture == Architecture.X64 && _switch.TurnOff());

    /// <summary>Has libtorch, which is loaded, not ask for it any more; once per process.</summary>
    /// <returns>Whether there was anything to silence: not in builds without NNPACK, and not on other processors, where it may be of use.</returns>
    public static bool Silence() => _isSilent.Value;
}

/// <summary>One of libtorch's switches that TorchSharp does not have.</summary>
/// <param name="setter">The name of the function that turns it on and off, as GCC and Clang have it. On Windows it is another, and the switch stays as it is.</param>
/// <param name="getter">The name of the function that tells how it stands.</param>
internal sealed class LibtorchSwitch(string setter, string getter)
{
    delegate nint Context();

    delegate void Set(nint context, int enabled);

    delegate byte Get(nint context);

    /// <returns>Whether it is off.</returns>
    public bool TurnOff()
    {
        if (!NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out var libtorch)
            || Function<Context>(libtorch, "_ZN2at13globalContextEv") is not { } context
            || Function<Set>(libtorch, setter) is not { } set
            || Function<Get>(libtorch, getter) is not { } get)
            return false;
        set(context(), 0);
        return get(context()) == 0;
    }

    static T? Function<T>(nint library, string name)
        where T : Delegate => NativeLibrary.TryGetExport(library, name, out var address) ? Marshal.GetDelegateForFunctionPointer<T>(address) : null;
}
