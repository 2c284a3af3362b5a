using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A network's trainable parameters as one vector, of which each parameter is a view; and so their gradients.</summary>
/// <remarks>On <see cref="Dispose"/> the parameters become ordinary again, with the values they have then.</remarks>
internal sealed class FlatWeights : IDisposable
{
    readonly (string Name, Parameter Parameter)[] _parameters;
    readonly List<FlatGradient> _gradients = [];
    Tensor? _origin;

    public FlatWeights(nn.Module network)
    {
        _parameters = network.named_parameters().Where(p => p.parameter.requires_grad).ToArray();
        RefuseWhatCannotBeAView();

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var first = _parameters[0].Parameter;
        Values = empty(_parameters.Sum(p => p.Parameter.numel()), dtype: first.dtype, device: first.device).DetachFromDisposeScope();
        foreach (var (parameter, view) in Views(Values))
        {
            view.copy_(parameter);
            parameter.set_(view);
        }
    }

    /// <summary>All weights, in the order of the network's parameters.</summary>
    public Tensor Values { get; }

    /// <summary>The gradient vector of one pass of a step, zeroed; from now on backward adds to it.</summary>
    public Tensor Gradient(int pass)
    {
        while (_gradients.Count <= pass)
            _gradients.Add(new FlatGradient(Values, Views));
        return _gradients[pass].Attach();
    }

    /// <summary>True on the elements of the parameters that are chosen; a Boolean vector that the caller owns.</summary>
    public Tensor Mask(Func<string, Parameter, bool> chosen)
    {
        using var scope = NewDisposeScope();
        var parts = _parameters.Select(p => full(p.Parameter.numel(), chosen(p.Name, p.Parameter), dtype: ScalarType.Bool, device: Values.device));
        return cat(parts.ToArray()).DetachFromDisposeScope();
    }

    /// <summary>Moves the weights to a point, and remembers every bit of where they were.</summary>
    public void MoveTo(Tensor point)
    {
        if (point.numel() != Values.numel())
            throw new InvalidOperationException($"A point must have the {Values.numel()} elements of the weights, but has the shape [{string.Join(", ", point.shape)}].");
        _origin ??= empty_like(Values).DetachFromDisposeScope();
        _origin.copy_(Values);
        Values.copy_(point);
    }

    /// <summary>Undoes <see cref="MoveTo"/>, bit for bit.</summary>
    public void MoveBack() => Values.copy_(_origin!);

    public void Dispose()
    {
        using (no_grad())
        using (NewDisposeScope())
            foreach (var (_, parameter) in _parameters)
            {
                parameter.grad = null;
                parameter.set_(parameter.detach().clone());
            }
        foreach (var gradient in _gradients)
            gradient.Dispose();
        _origin?.Dispose();
        Values.Dispose();
    }

    IEnumerable<(Parameter Parameter, Tensor View)> Views(Tensor flat)
    {
        long offset = 0;
        foreach (var (_, parameter) in _parameters)
        {
            yield return (parameter, flat.narrow(0, offset, parameter.numel()).view(parameter.shape));
            offset += parameter.numel();
        }
    }

    void RefuseWhatCannotBeAView()
    {
        if (_parameters.Length == 0)
            throw new ArgumentException("The network has no parameter to train: all are frozen, or it has none. Leave requires_grad on for at least one.");

        var first = _parameters[0];
        var homes = new Dictionary<nint, string>();
        foreach (var (name, parameter) in _parameters)
        {
            if (parameter.dtype != first.Parameter.dtype || parameter.device.ToString() != first.Parameter.device.ToString())
                throw new ArgumentException($"Parameter '{name}' is {parameter.dtype} on {parameter.device}, but '{first.Name}' is {first.Parameter.dtype} on {first.Parameter.device}. Move and convert the whole network alike before training.");
            if (!parameter.is_contiguous())
                throw new ArgumentException($"Parameter '{name}' is not contiguous. Give the network parameter.contiguous() instead.");
            if (Home(parameter, first.Parameter) is { } home && !homes.TryAdd(home, name))
                throw new ArgumentException($"Parameters '{homes[home]}' and '{name}' share their memory. Register one and the same Parameter object in both places, or give each its own.");
        }
    }

    // Where a parameter's data lie, counted from another's; unknown off the CPU.
    static nint? Home(Parameter parameter, Parameter origin) => parameter.device_type == DeviceType.CPU && parameter.numel() > 0
        ? Unsafe.ByteOffset(ref MemoryMarshal.GetReference(origin.bytes), ref MemoryMarshal.GetReference(parameter.bytes))
        : null;
}
