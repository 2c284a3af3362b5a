namespace Microsoft.ML.SharpnessAware;

/// <summary>What a rule keeps from step to step. A step's changes count from <see cref="Commit"/> on; a step that fails leaves none.</summary>
internal sealed class RuleMemory : IDisposable
{
    readonly SortedDictionary<string, Tensor> _kept = new(StringComparer.Ordinal);
    readonly Dictionary<string, Tensor> _pending = [];

    public IReadOnlyDictionary<string, Tensor> Kept => _kept;

    public Tensor? Recall(string name) => _pending.GetValueOrDefault(name) ?? _kept.GetValueOrDefault(name);

    public void Remember(string name, Tensor value)
    {
        _pending.GetValueOrDefault(name)?.Dispose();
        _pending[name] = value.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>Takes over what an earlier run has kept: copies of it, on that device.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> kept, Device device)
    {
        foreach (var (name, value) in kept)
            _kept[name] = value.to(device, copy: true).DetachFromDisposeScope();
    }

    public void Commit()
    {
        foreach (var (name, value) in _pending)
        {
            _kept.GetValueOrDefault(name)?.Dispose();
            _kept[name] = value;
        }
        _pending.Clear();
    }

    public void Forget()
    {
        foreach (var tensor in _pending.Values)
            tensor.Dispose();
        _pending.Clear();
    }

    public void Dispose()
    {
        Forget();
        foreach (var tensor in _kept.Values)
            tensor.Dispose();
        _kept.Clear();
    }
}
