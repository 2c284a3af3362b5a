using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A network taken apart before its last layer: what comes to that layer, the features, and what it makes of them. Any number of threads may use it at once.</summary>
internal sealed class FeatureTap : IDisposable
{
    const double Tolerance = 1e-4;

    readonly nn.Module<Tensor, Tensor> _network;
    readonly nn.Module<Tensor, Tensor> _layer;
    readonly string _name;
    readonly Action _removeHook;
    readonly ThreadLocal<List<Tensor>?> _taken = new();

    /// <param name="network">The network, which is not owned.</param>
    /// <param name="lastLayer">What it calls the layer that puts out the logits.</param>
    /// <exception cref="InvalidOperationException">It has no such layer, or one that does not turn one tensor into one.</exception>
    public FeatureTap(nn.Module<Tensor, Tensor> network, string lastLayer)
    {
        (_network, _name) = (network, lastLayer);
        var modules = network.named_modules().ToArray();
        var (name, found) = Array.Find(modules, module => module.name == lastLayer);
        if (name is null)
            throw Indivisible($"it has no layer '{lastLayer}', but {Listing.OfNames(modules.Select(module => module.name))}");
        _layer = found as nn.Module<Tensor, Tensor> ?? throw Indivisible($"its layer '{lastLayer}' does not turn one tensor into one");
        _removeHook = _layer.register_forward_pre_hook((_, features) =>
        {
            _taken.Value?.Add(features.alias().DetachFromDisposeScope());
            return features;
        }).remove;
    }

    /// <summary>The last layer as a network of its own, whose parameters have the names that they have in the whole one. Not to be disposed of: the layer stays the network's.</summary>
    public nn.Module<Tensor, Tensor> Head => Enumerable.Reverse(_name.Split('.')).Aggregate(_layer, (inner, name) => nn.Sequential((name, inner)));

    /// <summary>One forward pass, and what came to the last layer in it: both in the caller's scope.</summary>
    /// <exception cref="InvalidOperationException">The layer was not called once.</exception>
    public (Tensor Features, Tensor Logits) Forward(Tensor inputs)
    {
        List<Tensor> taken = [];
        _taken.Value = taken;
        try
        {
            var logits = _network.call(inputs);
            return taken is [var features] ? (features.alias(), logits) : throw Indivisible($"its layer '{_name}' is called {taken.Count} times in a forward pass, not once");
        }
        finally
        {
            _taken.Value = null;
            foreach (var features in taken)
                features.Dispose();
        }
    }

    /// <summary>All that the features depend on: the layers before the last, and their weights.</summary>
    public void AddTo(IncrementalHash hash)
    {
        foreach (var (name, module) in _network.named_modules())
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {module.GetType().FullName} {module}"));
        foreach (var (name, weights) in _network.state_dict().Where(tensor => !tensor.Key.StartsWith($"{_name}.", StringComparison.Ordinal)))
        {
            using var onCpu = weights.detach().cpu().contiguous();
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {string.Join('×', weights.shape)} {weights.dtype}"));
            hash.AppendData(onCpu.bytes);
        }
    }

    /// <exception cref="InvalidOperationException">The logits of a pass are not what the last layer makes of the features.</exception>
    public void Check(Tensor features, Tensor logits)
    {
        using var scope = NewDisposeScope();
        var made = _layer.call(features);
        if (!made.shape.SequenceEqual(logits.shape) || !((made - logits).abs() <= Tolerance * (1 + logits.abs())).all().ToBoolean())
            throw Indivisible($"what its layer '{_name}' puts out are not the logits, but something is made of it");
    }

    public void Dispose()
    {
        _removeHook();
        _taken.Dispose();
    }

    InvalidOperationException Indivisible(string reason) =>
        new($"The network {_network.GetType().Name} cannot be divided before its last layer: {reason}. Let the network's LastLayer name the layer that puts out the logits, or set FreezeBackboneEpochs to 0 and EmbeddingColumnName to null.");
}
