using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What the MLContext says of seed, GPU and temporary files, as it was when the host was registered.</summary>
internal sealed record HostSettings(int? Seed, int? GpuDeviceId, bool FallbackToCpu, string TempFilePath)
{
    public static HostSettings Of(IHost host)
    {
        var settings = (IHostEnvironmentInternal)host;
        return new(settings.Seed, settings.GpuDeviceId, settings.FallbackToCpu, settings.TempFilePath);
    }
}
