namespace Microsoft.ML.SharpnessAware;

/// <summary>A gradient that is taken on a second device: asked for now, there later.</summary>
internal sealed class DeferredGradient(TwinNetwork twin, FlatWeights weights) : IDisposable
{
    Tensor? _gradient;
    Tensor? _epsilonNorm;

    /// <summary>Begins to take the gradient; returns the vector that is to hold it.</summary>
    public Tensor Ask(Func<Tensor> point, BatchRows rows, Tensor? exampleWeights)
    {
        using (NewDisposeScope())
        {
            var there = point();
            weights.CheckPoint(there);
            twin.Begin(there, rows, exampleWeights);
            _epsilonNorm = ReferenceEquals(there, weights.Values) ? null : (there - weights.Values).norm().MoveToOuterDisposeScope();
        }
        return _gradient = zeros_like(weights.Values);
    }

    /// <summary>Waits for the gradient.</summary>
    /// <param name="returned">What was made of it before it was there.</param>
    /// <param name="log">Where the pass is counted.</param>
    public void Fill(Tensor returned, PassLog log)
    {
        if (_gradient is null)
            return;
        if (!ReferenceEquals(returned, _gradient))
            throw new InvalidOperationException("The second function given to SideBySide must return the gradient that it asks for as it is: it is only there when SideBySide returns.");
        using var loss = twin.End(_gradient);
        log.AddGradient(loss.to(_gradient.device, copy: true), _gradient, _epsilonNorm);
    }

    public void Dispose() => twin.Rest();
}

/// <summary>Where the second of two gradients can be taken while the first is.</summary>
/// <param name="Device">Another than the network's, to gain anything.</param>
/// <param name="Twin">Makes a network of the same parameters and buffers, of whatever values, on the CPU.</param>
internal sealed record SecondDevice(Device Device, Func<nn.Module> Twin);

/// <summary>A network like the one that is trained, on a second device: takes one gradient there, on a thread of its own, while the first goes on.</summary>
internal sealed class TwinNetwork : IDisposable
{
    readonly nn.Module _network;
    readonly FlatWeights _weights;
    readonly Device _device;
    readonly (nn.Module From, nn.Module To)[] _modules;
    readonly (Tensor From, Tensor To)[] _frozen;
    readonly (Tensor From, Tensor To)[] _buffers;
    bool _hasFrozen;
    Task<Tensor>? _pass;
    Tensor? _gradient;

    public TwinNetwork(nn.Module original, SecondDevice second, IReadOnlyList<WeightFilter> groups)
    {
        _device = second.Device;
        _network = second.Twin();
        _network.to(_device);
        _modules = [(original, _network), .. original.modules().Zip(_network.modules())];
        _buffers = [.. original.buffers().Zip(_network.buffers())];
        foreach (var (from, to) in original.parameters().Zip(_network.parameters()))
            to.requires_grad = from.requires_grad;
        _frozen = [.. original.parameters().Zip(_network.parameters()).Where(p => !p.First.requires_grad).Select(p => ((Tensor)p.First, (Tensor)p.Second))];
        _weights = new FlatWeights(_network, groups);
    }

    /// <summary>Whether a gradient has been begun and not been ended.</summary>
    public bool IsBusy => _pass is not null;

    /// <summary>Begins to take the gradient at a point, which may change when this returns.</summary>
    public void Begin(Tensor point, BatchRows rows, Tensor? exampleWeights)
    {
        if (IsBusy)
            throw new InvalidOperationException("Each of the two functions given to SideBySide may take one gradient, but the second has asked for another.");
        Follow();
        _weights.Values.copy_(point);
        _gradient = _weights.Gradient(0).DetachFromDisposeScope();
        var there = rows with { Batch = rows.Batch.CopyOn(_device) };
        var weights = exampleWeights?.to(_device, copy: true).DetachFromDisposeScope();
        var threads = get_num_threads();
        _pass = Task.Run(() =>
        {
            // What libtorch computes with is each thread's own, and sums of other parts are rounded otherwise.
            set_num_threads(threads);
            using (there.Batch)
            using (weights)
                return there.Backward(_network, rows.Count, weights);
        });
    }

    /// <summary>Waits for the gradient, and copies it; returns the mean loss, which is the caller's.</summary>
    public Tensor End(Tensor gradient)
    {
        try
        {
            var loss = _pass!.GetAwaiter().GetResult();
            gradient.copy_(_gradient!);
            return loss;
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>Waits for what has been begun and is not wanted any more.</summary>
    public void Rest()
    {
        if (_pass is null)
            return;
        Task.WaitAny(_pass);
        if (_pass.IsCompletedSuccessfully)
            _pass.Result.Dispose();
        Forget();
    }

    public void Dispose()
    {
        Rest();
        _weights.Dispose();
        _network.Dispose();
    }

    void Forget()
    {
        _gradient?.Dispose();
        (_pass, _gradient) = (null, null);
    }

    // Frozen parameters do not change during a run, but may have been loaded after this was made.
    void Follow()
    {
        foreach (var (from, to) in _modules)
            if (to.training != from.training)
                to.train(from.training);
        foreach (var (from, to) in _hasFrozen ? _buffers : [.. _buffers, .. _frozen])
            to.copy_(from);
        _hasFrozen = true;
    }
}
