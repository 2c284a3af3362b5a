using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HostApp;

static class Memory
{
    const int Mebibyte = 1 << 20;

    /// <summary>By how much less of the process is resident after a block of the C library's has been freed than before.</summary>
    public static unsafe double GivenBack(int megabytes)
    {
        var block = Marshal.AllocHGlobal(megabytes * Mebibyte);
        new Span<byte>((void*)block, megabytes * Mebibyte).Fill(1);
        var before = Resident();
        Marshal.FreeHGlobal(block);
        return (before - Resident()) / Mebibyte;
    }

    static double Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
