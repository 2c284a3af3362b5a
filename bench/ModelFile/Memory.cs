using System.Diagnostics;

namespace ModelFile;

/// <summary>The memory of this process, in units of 1,000,000 bytes.</summary>
static class Memory
{
    const double Megabyte = 1e6;

    /// <summary>All that is resident, managed and native.</summary>
    public static double Resident => Now().WorkingSet64 / Megabyte;

    /// <summary>The most that has been resident.</summary>
    public static double Peak => Now().PeakWorkingSet64 / Megabyte;

    /// <summary>What is reachable on the managed heap.</summary>
    public static double Managed => GC.GetTotalMemory(forceFullCollection: true) / Megabyte;

    static Process Now()
    {
        var process = Process.GetCurrentProcess();
        process.Refresh();
        return process;
    }
}
