using System.Reflection;
using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The base optimizers over the flat weights, one for each group of parameters.</summary>
internal sealed class FlatOptimizer : IDisposable
{
    readonly FlatWeights _weights;
    readonly List<OptimizedSlice> _slices = [];

    /// <param name="weights">What is trained.</param>
    /// <param name="optimizers">One for the weights in no group, then one for each group.</param>
    public FlatOptimizer(FlatWeights weights, IReadOnlyList<BaseOptimizer> optimizers)
    {
        _weights = weights;
        LearningRate = optimizers[0].LearningRate;
        var offset = 0L;
        foreach (var (optimizer, count) in optimizers.Zip(weights.GroupSizes))
        {
            if (count > 0)
                _slices.Add(new OptimizedSlice(optimizer, weights.Values, offset, count));
            offset += count;
        }
    }

    /// <summary>The learning rate of the weights in no group, before any schedule.</summary>
    public double LearningRate { get; }

    /// <summary>The running sum or mean of directions; null where an optimizer has none yet.</summary>
    public Tensor? Momentum
    {
        get
        {
            var parts = _slices.Select(s => s.Momentum).OfType<Tensor>().ToArray();
            return parts.Length < _slices.Count ? null : parts is [var only] ? only : cat(parts);
        }
    }

    /// <summary>One step along the direction, with learning rates scaled by the factor, and of −η v past the optimizers where there is a v. Weights and optimizers are as they were when this throws.</summary>
    public void Step(Tensor direction, double factor, Tensor? decoupled = null)
    {
        using var scope = NewDisposeScope();
        // With one update there is nothing to undo where it throws.
        var undo = _slices.Count > 1 || decoupled is not null ? Snapshot() : () => { };
        try
        {
            foreach (var slice in _slices)
                slice.Step(direction, factor);
            if (decoupled is not null)
                foreach (var slice in _slices)
                    slice.Move(decoupled, factor);
        }
        catch
        {
            undo();
            throw;
        }
    }

    /// <summary>Where <see cref="Step"/> would lead. Weights and optimizers are as they were when this returns or throws.</summary>
    public Tensor Ahead(Tensor direction, double factor)
    {
        using var scope = NewDisposeScope();
        var undo = Snapshot();
        try
        {
            foreach (var slice in _slices)
                slice.Step(direction, factor);
            return _weights.Values.clone().MoveToOuterDisposeScope();
        }
        finally
        {
            undo();
        }
    }

    /// <summary>All that the optimizers keep between steps, by group and name: their own vectors, and counts in the caller's scope.</summary>
    public Dictionary<string, Tensor> Kept() => _slices.SelectMany((slice, i) => slice.Kept().Under($"{i}")).ToDictionary();

    /// <summary>Puts back what <see cref="Kept"/> gave: copies of it.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> saved)
    {
        for (var i = 0; i < _slices.Count; i++)
            _slices[i].Load(saved.Of($"{i}"));
    }

    public void Dispose()
    {
        foreach (var slice in _slices)
            slice.Dispose();
    }

    // What puts weights and optimizers back, while the caller's dispose scope lasts.
    Action Snapshot()
    {
        var weights = _weights.Values.clone();
        var states = _slices.Select(slice => slice.Save()).ToArray();
        return () =>
        {
            _weights.Values.copy_(weights);
            foreach (var (slice, state) in _slices.Zip(states))
                slice.Load(state);
        };
    }
}

/// <summary>A base optimizer over one part of the flat weights, with its state in the open.</summary>
internal sealed class OptimizedSlice : IDisposable
{
    const string Steps = "step", Mean = "exp_avg", Square = "exp_avg_sq";

    static readonly string[] MomentumNames = ["momentum_buffer", Mean];

    readonly BaseOptimizer _settings;
    readonly Parameter _parameter;
    readonly optim.Optimizer _optimizer;
    readonly OptimizerState? _state;
    readonly FieldInfo[] _tensors;
    readonly FieldInfo[] _counts;
    readonly FieldInfo[] _numbers;

    public OptimizedSlice(BaseOptimizer optimizer, Tensor weights, long offset, long count)
    {
        (Offset, Count) = (offset, count);
        _settings = optimizer;
        _parameter = OneParameter(weights, offset, count);
        _optimizer = optimizer.Create(_parameter);
        _state = (_optimizer as OptimizerHelper)?.state_dict().State.FirstOrDefault();
        var fields = _state?.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance) ?? [];
        _tensors = Array.FindAll(fields, f => f.FieldType == typeof(Tensor));
        _counts = Array.FindAll(fields, f => f.FieldType == typeof(long));
        _numbers = Array.FindAll(fields, f => f.FieldType == typeof(double));
    }

    public long Offset { get; }

    public long Count { get; }

    /// <summary>The running sum or mean of directions; null where there is none yet.</summary>
    public Tensor? Momentum => IsFresh ? null : Array.Find(_tensors, f => MomentumNames.Contains(f.Name))?.GetValue(_state) as Tensor;

    // Adam's mean is there from the beginning, as zeros.
    bool IsFresh => Array.Find(_counts, f => f.Name == Steps)?.GetValue(_state) is 0L;

    /// <summary>All that the optimizer keeps between steps: its own vectors, and counts and numbers as int64 and float64 scalars in the caller's scope.</summary>
    public Dictionary<string, Tensor> Kept()
    {
        var kept = _counts.ToDictionary(f => f.Name, f => tensor((long)f.GetValue(_state)!));
        foreach (var field in _numbers)
            kept.Add(field.Name, tensor((double)field.GetValue(_state)!, dtype: ScalarType.Float64));
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
        foreach (var field in _numbers)
            field.SetValue(_state, saved[field.Name].ToDouble());
        foreach (var field in _tensors)
            field.SetValue(_state, Loaded(field.GetValue(_state) as Tensor, saved.GetValueOrDefault(field.Name)));
    }

    // Into the same memory, which a rule may be reading as the momentum.
    Tensor? Loaded(Tensor? own, Tensor? saved)
    {
        if (own is not null && saved is not null)
            return own.copy_(saved);
        own?.Dispose();
        return saved?.to(_parameter.device, copy: true).DetachFromDisposeScope();
    }

    public void Step(Tensor direction, double factor)
    {
        var learningRate = _settings.LearningRate * factor;
        // A rule may have computed in another type, such as float64.
        var own = direction.narrow(0, Offset, Count).to(_parameter.dtype);
        if (_settings is AdamW adamW && CpuAdamW.Handles(_parameter))
        {
            var steps = Array.Find(_counts, f => f.Name == Steps)!;
            var step = (long)steps.GetValue(_state)! + 1;
            CpuAdamW.Step(adamW, learningRate, step, _parameter, own.contiguous(), State(Mean), State(Square));
            steps.SetValue(_state, step);
            return;
        }
        _parameter.grad = own;
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = learningRate;
        _optimizer.step();
        _parameter.grad = null;

        Tensor State(string name) => (Tensor)Array.Find(_tensors, f => f.Name == name)!.GetValue(_state)!;
    }

    /// <summary>What goes past the optimizer: −η v.</summary>
    public void Move(Tensor v, double factor) => _parameter.add_(v.narrow(0, Offset, Count), alpha: -_settings.LearningRate * factor);

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
