using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The way to libtorch: whoever is about to use it opens this first, and is told what to do where it cannot be loaded.</summary>
internal static class LibtorchDoor
{
    static readonly Assembly Managed = typeof(torch).Assembly;

    static volatile bool _isOpen;

    // The runtime's own identifier may name a distribution, such as ubuntu.24.04-x64.
    static string Platform
    {
        get
        {
            var isMusl = RuntimeInformation.RuntimeIdentifier is var id && (id.Contains("musl", StringComparison.Ordinal) || id.StartsWith("alpine", StringComparison.Ordinal));
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : isMusl ? "linux-musl" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <exception cref="InvalidOperationException">libtorch cannot be loaded; the message says why, and what to do.</exception>
    public static void Open()
    {
        if (_isOpen)
            return;
        var fault = new LibtorchFault(Managed.GetName().Version!.ToString(3), Platform);
        OpenMpWaiting.Shorten(() => LoadNatively(fault));
        LoadByTorchSharp(fault);
        // Before anything is computed.
        OneDnn.SwitchOffWithoutCacheSizes();
        Nnpack.Silence();
        _isOpen = true;
    }

    // TorchSharp keeps the loader's reason to itself and writes a page to the console instead, so the same files are loaded before it does.
    static void LoadNatively(LibtorchFault fault)
    {
        NativeLibrary.TryLoad("torch_cpu", Managed, null, out _);
        NativeLibrary.TryLoad("torch", Managed, null, out _);
        var isComplete = Glibc.FindsAllFunctionsOf(FileOfLibTorchSharp());
        try
        {
            NativeLibrary.Load("LibTorchSharp", Managed, null);
            if (!isComplete)
                throw new InvalidOperationException(fault.OtherVersion);
        }
        catch (Exception refused) when (refused is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            var reason = fault.Explain(refused.Message, LastVersion);
            if (reason != fault.NotReferenced || !PackageCacheHoldsLibtorch())
                throw new InvalidOperationException(reason, refused);
        }
    }

    static void LoadByTorchSharp(LibtorchFault fault)
    {
        try
        {
            Touch();
        }
        catch (Exception missing) when (missing is TypeInitializationException or DllNotFoundException or NotSupportedException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new InvalidOperationException(fault.NotReferenced, missing);
        }
    }

    // On its own, so that what fails to load fails inside the try.
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Touch()
    {
        InitializeDeviceType(DeviceType.CPU);
        get_num_threads();
    }

    static string? FileOfLibTorchSharp() => $"{AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES")}".Split(Path.PathSeparator)
        .Append(Path.GetDirectoryName(Managed.Location))
        .Where(folder => !string.IsNullOrEmpty(folder))
        .Select(folder => Path.Combine(folder!, "libLibTorchSharp.so"))
        .FirstOrDefault(File.Exists);

    // Notebooks and scripts have libtorch there, and TorchSharp knows how to get it.
    static bool PackageCacheHoldsLibtorch()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Directory.Exists(packages) && Directory.EnumerateDirectories(packages, "libtorch-*").Any();
    }

    static Version? LastVersion(string file) => Path.GetFileName(file).StartsWith("libstdc++", StringComparison.Ordinal) && File.Exists(file) ? Libstdcxx.LastVersion(File.ReadAllBytes(file)) : null;

    /// <summary>What .NET's own loading leaves for later: functions are looked up at their first call, and one that is missing then ends the process.</summary>
    static class Glibc
    {
        const int Now = 2;

        /// <summary>Whether the libraries that are loaded have all functions that the file calls. Without a file, or elsewhere than on Linux with glibc, there is no telling: true.</summary>
        public static bool FindsAllFunctionsOf(string? file)
        {
            if (file is null || !OperatingSystem.IsLinux())
                return true;
            try
            {
                return dlopen(file, Now) != 0;
            }
            catch (Exception elsewhere) when (elsewhere is DllNotFoundException or EntryPointNotFoundException)
            {
                return true;
            }
        }

        [DllImport("libc.so.6")]
        static extern nint dlopen([MarshalAs(UnmanagedType.LPUTF8Str)] string file, int flags);
    }
}
