using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The functions of libtorchshim, each returning 0 or the code of an error that is thrown with libtorch's message.</summary>
internal static unsafe partial class Native
{
    private const string Shim = "torchshim";
    [LibraryImport(Shim)] private static partial int shim_initialize();
    [LibraryImport(Shim)] private static partial byte* shim_last_error();

    internal static void Load() => Check(shim_initialize());

    internal static void Check(int status)
    {
        if (status != 0) Throw();
    }

    [DoesNotReturn]
    private static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8((nint)shim_last_error()));

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The resolver must be there before the first native call, whichever that is.")]
    internal static void SetResolver() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Shim) return 0;
        var beside = Path.Combine(AppContext.BaseDirectory, "libtorchshim.so");
        try
        {
            return File.Exists(beside) ? NativeLibrary.Load(beside) : NativeLibrary.Load(name, assembly, search);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new NotSupportedException(
                "This application uses TorchSharp, but libtorch could not be loaded. " +
                "Install libtorch and build the native library of standins/native against it. " + e.Message, e);
        }
    }
}
