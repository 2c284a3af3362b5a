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

    /// <summary>One step along the direction, with learning rates scaled by the factor.</summary>
    public void Step(Tensor direction, double factor)
    {
        foreach (var slice in _slices)
            slice.Step(direction, factor);
    }

    /// <summary>Moves the weights by −η v, past the optimizers.</summary>
    public void Move(Tensor v, double factor)
    {
        foreach (var slice in _slices)
            slice.Move(v, factor);
    }

    /// <summary>Where <see cref="Step"/> would lead. Weights and optimizers are as they were when this returns or throws.</summary>
    public Tensor Ahead(Tensor direction, double factor)
    {
        using var scope = NewDisposeScope();
        var states = _slices.Select(s => s.Save()).ToArray();
        var before = _weights.Values.clone();
        try
        {
            Step(direction, factor);
            return _weights.Values.clone().MoveToOuterDisposeScope();
        }
        finally
        {
            _weights.Values.copy_(before);
            foreach (var (slice, state) in _slices.Zip(states))
                slice.Load(state);
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
}
