namespace Microsoft.ML.SharpnessAware;

/// <summary>A network that scores in many threads, of which any may dispose of it. It is freed when the last of those that use it is done.</summary>
internal sealed class SharedNetwork : IDisposable
{
    readonly Type _transformer;
    readonly nn.Module<Tensor, Tensor> _network;
    readonly FeatureTap? _tap;
    readonly NativeMemory _memory;
    readonly Lock _lock = new();
    int _users;
    bool _isDisposed;

    /// <param name="transformer">What users know it as.</param>
    /// <param name="network">The network, which is owned.</param>
    /// <param name="tap">That of its last layer, which is owned; null where nobody needs one.</param>
    public SharedNetwork(Type transformer, nn.Module<Tensor, Tensor> network, FeatureTap? tap)
    {
        (_transformer, _network, _tap) = (transformer, network, tap);
        _memory = new NativeMemory(network.parameters().Concat(network.buffers()).Sum(tensor => tensor.numel() * tensor.element_size()));
    }

    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public void Use(Action<nn.Module<Tensor, Tensor>, FeatureTap?> use)
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            _users++;
        }
        try
        {
            use(_network, _tap);
        }
        finally
        {
            bool isLast;
            lock (_lock)
                isLast = --_users == 0 && _isDisposed;
            if (isLast)
                Free();
        }
    }

    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public void ThrowIfDisposed()
    {
        if (_isDisposed)
            throw new ObjectDisposedException(_transformer.FullName, $"This {_transformer.Name} has been disposed of, by its own Dispose or by that of a PredictionEngine, which disposes of its model unless it is told not to. Create engines with new PredictionEngineOptions {{ OwnsTransformer = false }}, and dispose of the model after its last use.");
    }

    public void Dispose()
    {
        bool isUnused;
        lock (_lock)
        {
            isUnused = !_isDisposed && _users == 0;
            _isDisposed = true;
        }
        if (isUnused)
            Free();
    }

    void Free()
    {
        _tap?.Dispose();
        _network.Dispose();
        _memory.Dispose();
    }
}

/// <summary>Memory of libtorch's that an object holds: the garbage collector is told of it, so that it runs while objects that nobody disposes of are not yet many.</summary>
internal sealed class NativeMemory : IDisposable
{
    readonly long _bytes;

    public NativeMemory(long bytes)
    {
        _bytes = bytes;
        if (_bytes > 0)
            GC.AddMemoryPressure(_bytes);
    }

    ~NativeMemory() => Release();

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    void Release()
    {
        if (_bytes > 0)
            GC.RemoveMemoryPressure(_bytes);
    }
}
