using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>NNPACK, one of the libraries that libtorch may compute convolutions with.</summary>
/// <remarks>
/// libtorch does not give oneDNN a convolution of a single small image (20,480 numbers or fewer), and asks NNPACK first whether it is there. On a CPU
/// that NNPACK does not know, each such question writes "Could not initialize NNPACK!" to standard error. The answer does not matter: NNPACK gets
/// batches of 16 or more alone, and on x64 oneDNN has taken those before.
/// </remarks>
internal static class Nnpack
{
    static readonly Lazy<bool> _isSilent = new(Forbid);

    delegate nint Context();

    delegate void Enable(nint context, int enabled);

    delegate byte IsEnabled(nint context);

    /// <summary>Has libtorch, which is loaded, not ask for it any more; once per process.</summary>
    /// <returns>Whether there was anything to silence: not in builds without NNPACK, and not on other processors, where it may be of use.</returns>
    public static bool Silence() => _isSilent.Value;

    static bool Forbid()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out var libtorch))
            return false;
        if (Function<Context>(libtorch, "_ZN2at13globalContextEv") is not { } context
            || Function<Enable>(libtorch, "_ZN2at7Context20setUserEnabledNNPACKEb") is not { } enable
            || Function<IsEnabled>(libtorch, "_ZNK2at7Context17userEnabledNNPACKEv") is not { } isEnabled)
            return false;
        enable(context(), 0);
        return isEnabled(context()) == 0;
    }

    // TorchSharp has no such functions. Their names are those of GCC and Clang; Windows has others, and no NNPACK.
    static T? Function<T>(nint library, string name)
        where T : Delegate => NativeLibrary.TryGetExport(library, name, out var address) ? Marshal.GetDelegateForFunctionPointer<T>(address) : null;
}
