using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>One vector into whose views the parameters' gradients are accumulated while it is attached.</summary>
internal sealed class FlatGradient : IDisposable
{
    readonly Tensor _values;
    readonly (Parameter Parameter, Tensor View)[] _views;

    public FlatGradient(Tensor weights, Func<Tensor, IEnumerable<(Parameter, Tensor)>> views)
    {
        using var scope = NewDisposeScope();
        _values = zeros_like(weights).DetachFromDisposeScope();
        _views = views(_values).ToArray();
        foreach (var (_, view) in _views)
            view.DetachFromDisposeScope();
    }

    /// <summary>The vector, zeroed; the parameters' gradients are its views.</summary>
    public Tensor Attach()
    {
        foreach (var (parameter, view) in _views)
            parameter.grad = view;
        return _values.zero_();
    }

    public void Dispose()
    {
        foreach (var (_, view) in _views)
            view.Dispose();
        _values.Dispose();
    }
}
