using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HostApp;

static class Memory
{
    public const int Mebibyte = 1 << 20;

    /// <summary>By how many MB less of the process is resident after blocks of the C library's have been freed than before.</summary>
    public static unsafe double GivenBack(int blocks, int megabytes)
    {
        var addresses = new nint[blocks];
        for (var i = 0; i < blocks; i++)
        {
            addresses[i] = Marshal.AllocHGlobal(megabytes * Mebibyte);
            new Span<byte>((void*)addresses[i], megabytes * Mebibyte).Fill(1);
        }
        var before = Resident();
        Array.ForEach(addresses, Marshal.FreeHGlobal);
        return (before - Resident()) / Mebibyte;
    }

    /// <summary>How many bytes of the process are in memory.</summary>
    public static double Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
