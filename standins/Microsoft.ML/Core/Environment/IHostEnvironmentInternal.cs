namespace Microsoft.ML.Runtime;

[InternalInMlNet]
public interface IHostEnvironmentInternal : IHostEnvironment
{
    int? Seed { get; }

    string TempFilePath { get; set; }

    bool FallbackToCpu { get; set; }

    int? GpuDeviceId { get; set; }
}

[InternalInMlNet]
public interface ICancelable
{
    bool IsCanceled { get; }

    void CancelExecution();
}
