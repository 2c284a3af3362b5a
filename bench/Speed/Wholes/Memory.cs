using System.Diagnostics;

namespace Speed.Wholes;

static class Memory
{
    public const double Mebibyte = 1 << 20;

    /// <summary>The most memory of this process that has been resident, in MiB.</summary>
    public static double PeakOfProcess()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / Mebibyte;
    }
}
