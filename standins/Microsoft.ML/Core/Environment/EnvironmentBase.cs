namespace Microsoft.ML.Runtime;

/// <summary>What the root environment and the hosts registered on it share.</summary>
internal abstract class EnvironmentBase : IHostEnvironmentInternal, ICancelable
{
    private readonly Lock _lock = new();
    private readonly List<WeakReference<LocalHost>> _children = [];

    protected EnvironmentBase(LocalEnvironment root, Random rand, string shortName, string parentFullName)
    {
        Root = root ?? (LocalEnvironment)this;
        Rand = rand;
        ShortName = shortName;
        ParentFullName = parentFullName;
        FullName = parentFullName == null ? shortName : $"{parentFullName}; {shortName}";
    }

    public string ShortName { get; }

    public string ParentFullName { get; }

    public string FullName { get; }

    public Random Rand { get; }

    public abstract int? Seed { get; }

    public string TempFilePath { get; set; } = Path.GetTempPath();

    public int? GpuDeviceId { get; set; }

    public bool FallbackToCpu { get; set; }

    public bool IsCanceled { get; protected set; }

    public ComponentCatalog ComponentCatalog => Root.Components;

    public string ContextDescription => "HostEnvironment";

    protected LocalEnvironment Root { get; }

    /// <summary>The first part of the names of this environment's hosts. ML.NET leaves out the environment itself.</summary>
    protected abstract string ParentNameOfHosts { get; }

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
        {
            _children.RemoveAll(child => !child.TryGetTarget(out _));
            var rand = seed is { } value ? RandomUtils.Create(value) : RandomUtils.Create(Rand);
            var host = new LocalHost(Root, this, name, ParentNameOfHosts, rand);
            if (!IsCanceled)
                _children.Add(new(host));
            return host;
        }
    }

    public IChannel Start(string name) => new Channel(Root, this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name)
        => throw this.ExceptNotSupp("Pipes of other messages than a channel's are not part of this stand-in of ML.NET.");

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return new ProgressChannel(this);
    }

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex != null)
        {
            ex.Data["Throwing component"] = "Environment";
            Contracts.Mark(ex);
        }
        return ex;
    }

    public void CancelExecution()
    {
        lock (_lock)
        {
            foreach (var child in _children)
            {
                if (child.TryGetTarget(out var host))
                    host.CancelExecution();
            }
            _children.Clear();
            IsCanceled = true;
        }
    }
}
