namespace Microsoft.ML.Runtime;

internal sealed class LocalHost : EnvironmentBase, IHost
{
    private readonly EnvironmentBase _source;

    public LocalHost(LocalEnvironment root, EnvironmentBase source, string shortName, string parentFullName, Random rand)
        : base(root, rand, shortName, parentFullName)
    {
        _source = source;
        Seed = source.Seed;
        GpuDeviceId = source.GpuDeviceId;
        FallbackToCpu = source.FallbackToCpu;
        IsCanceled = source.IsCanceled;
        // As in ML.NET, only the hosts of the root take its folder; hosts of hosts use the machine's.
        if (source is LocalEnvironment)
            TempFilePath = source.TempFilePath;
    }

    public override int? Seed { get; }

    protected override string ParentNameOfHosts => _source.FullName;
}
