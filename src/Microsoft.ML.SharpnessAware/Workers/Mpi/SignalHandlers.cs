using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The signal handlers of the process, kept while native code runs that may set its own.</summary>
/// <remarks>
/// .NET makes a NullReferenceException of SIGSEGV. UCX, by which MPICH and Open MPI reach fast networks, takes that signal when it is loaded, and the next such
/// exception would end the process.
/// </remarks>
internal sealed class SignalHandlers : IDisposable
{
    const int Signals = 31;

    // More than a struct sigaction has on any system. What is in it does not matter here.
    const int Size = 512;

    readonly byte[]?[] _handlers;

    SignalHandlers() =>
        _handlers = [.. Enumerable.Range(1, Signals).Select(Current)];

    /// <summary>Notes the handlers; to be disposed of to set them again.</summary>
    public static IDisposable Keep() => new SignalHandlers();

    public void Dispose()
    {
        foreach (var (index, handler) in _handlers.Index())
            if (handler is not null)
                NativeMethods.sigaction(index + 1, handler, null);
    }

    static byte[]? Current(int signal)
    {
        var handler = new byte[Size];
        return NativeMethods.sigaction(signal, null, handler) == 0 ? handler : null;
    }

    static class NativeMethods
    {
        [DllImport("libc")]
        public static extern int sigaction(int signal, byte[]? handler, [Out] byte[]? old);
    }
}
