using System.Runtime.InteropServices;

namespace MlnetSam;

/// <summary>The threads of libtorch, which on Linux wait for each other as GNU's OpenMP has them do.</summary>
static class OpenMpThreads
{
    /// <summary>Has them sleep while they wait, unless the user's environment says otherwise. Before libtorch is loaded.</summary>
    /// <remarks>By default they spin, which on a busy machine keeps the very threads from running that they wait for. OpenMP reads the process's own environment, which .NET's is a copy of.</remarks>
    public static void SleepWhileWaiting()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Set("OMP_WAIT_POLICY", "passive", overwrite: 0);
        // Waking up takes longer than most waits: not at once.
        Set("GOMP_SPINCOUNT", "1000", overwrite: 0);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Set([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
