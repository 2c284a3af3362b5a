namespace Microsoft.ML.Runtime;

/// <summary>The environment inside an <see cref="MLContext"/>.</summary>
internal sealed class LocalEnvironment : EnvironmentBase
{
    private Action<string, ChannelMessage> _listener;

    public LocalEnvironment(int? seed)
        : base(null, RandomUtils.Create(seed), null, null)
        => Seed = seed;

    public override int? Seed { get; }

    public ComponentCatalog Components { get; } = new();

    protected override string ParentNameOfHosts => null;

    public void AddListener(Action<string, ChannelMessage> listener) => _listener += listener;

    public void Dispatch(string source, ChannelMessage message) => _listener?.Invoke(source, message);
}
