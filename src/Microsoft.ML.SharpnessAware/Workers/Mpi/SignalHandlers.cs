using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The handlers of the signals that mean a fault, kept while native code runs that may set its own.</summary>
/// <remarks>
/// .NET makes a NullReferenceException of SIGSEGV. UCX, by which MPICH and Open MPI reach fast networks, takes that signal when it is loaded, and the next such
/// exception would end the process.
/// </remarks>
internal sealed class SignalHandlers : IDisposable
{
    // More than a struct sigaction has on any system. What is in it does not matter here.
    const int Size = 512;

    // SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE and SIGSEGV.
    static readonly int[] Faults = OperatingSystem.IsLinux() ? [4, 5, 6, 7, 8, 11] : [];

    readonly byte[][] _handlers = [.. Faults.Select(Current)];

    SignalHandlers()
    {
    }

    /// <summary>Notes the handlers; to be disposed of to set them again.</summary>
    public static IDisposable Keep() => new SignalHandlers();

    public void Dispose()
    {
        foreach (var (signal, handler) in Faults.Zip(_handlers))
            NativeMethods.sigaction(signal, handler, null);
    }

    static byte[] Current(int signal)
    {
        var handler = new byte[Size];
        NativeMethods.sigaction(signal, null, handler);
        return handler;
    }

    static class NativeMethods
    {
        [DllImport("libc")]
        public static extern int sigaction(int signal, byte[]? handler, [Out] byte[]? old);
    }
}
