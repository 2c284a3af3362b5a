using System.Reflection;
using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A base optimizer over one part of the flat weights, with its state in the open.</summary>
internal sealed class OptimizedSlice : IDisposable
{
    static readonly string[] MomentumNames = ["momentum_buffer", "exp_avg"];

    readonly double _learningRate;
    readonly Parameter _parameter;
    readonly optim.Optimizer _optimizer;
    readonly OptimizerState? _state;
    readonly FieldInfo[] _tensors;
    readonly FieldInfo[] _counts;

    public OptimizedSlice(BaseOptimizer optimizer, Tensor weights, long offset, long count)
    {
        (Offset, Count) = (offset, count);
        _learningRate = optimizer.LearningRate;
        _parameter = OneParameter(weights, offset, count);
        _optimizer = optimizer.Create(_parameter);
        _state = (_optimizer as OptimizerHelper)?.state_dict().State.FirstOrDefault();
        var fields = _state?.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance) ?? [];
        _tensors = Array.FindAll(fields, f => f.FieldType == typeof(Tensor));
        _counts = Array.FindAll(fields, f => f.FieldType == typeof(long));
    }

    public long Offset { get; }

    public long Count { get; }

    /// <summary>The running sum or mean of directions; null where there is none yet.</summary>
    public Tensor? Momentum => Array.Find(_tensors, f => MomentumNames.Contains(f.Name))?.GetValue(_state) as Tensor;

    /// <summary>All that the optimizer keeps between steps: its own vectors, and counts as int64 scalars in the caller's scope.</summary>
    public Dictionary<string, Tensor> Kept()
    {
        var kept = _counts.ToDictionary(f => f.Name, f => tensor((long)f.GetValue(_state)!));
        foreach (var field in _tensors)
            if (field.GetValue(_state) is Tensor value)
                kept.Add(field.Name, value);
        return kept;
    }

    /// <summary>Copies of <see cref="Kept"/> in the caller's scope.</summary>
    public Dictionary<string, Tensor> Save() => Kept().ToDictionary(k => k.Key, k => k.Value.clone());

    /// <summary>Puts back what <see cref="Save"/> gave: copies of it.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> saved)
    {
        foreach (var field in _counts)
            field.SetValue(_state, saved[field.Name].ToInt64());
        foreach (var field in _tensors)
        {
            (field.GetValue(_state) as Tensor)?.Dispose();
            field.SetValue(_state, saved.TryGetValue(field.Name, out var value) ? value.to(_parameter.device, copy: true).DetachFromDisposeScope() : null);
        }
    }

    public void Step(Tensor direction, double factor)
    {
        _parameter.grad = direction.narrow(0, Offset, Count);
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = _learningRate * factor;
        _optimizer.step();
        _parameter.grad = null;
    }

    /// <summary>What goes past the optimizer: −η v.</summary>
    public void Move(Tensor v, double factor) => _parameter.add_(v.narrow(0, Offset, Count), alpha: -_learningRate * factor);

    public void Dispose()
    {
        _optimizer.Dispose();
        _parameter.Dispose();
    }

    // The optimizer's state has one entry, and its update runs over one vector.
    static Parameter OneParameter(Tensor weights, long offset, long count)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(weights.narrow(0, offset, count), requires_grad: true);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
