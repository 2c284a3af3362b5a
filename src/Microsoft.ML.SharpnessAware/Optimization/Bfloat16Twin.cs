using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A second network of the same kind that computes in bfloat16 with the first one's weights: passes go through it, and all else stays with the first, in float32.</summary>
/// <remarks>
/// Its parameters are views of one bfloat16 vector, into which the float32 weights are rounded before a pass; after it the gradient is added to the float32 one.
/// Norm layers with running statistics compute with the first network's own parameters and statistics, in float32. Rule and optimizer never see bfloat16,
/// in which a perturbation of 0.003 of a weight of 1 would be lost.
/// </remarks>
internal sealed class Bfloat16Twin : IDisposable
{
    const ScalarType Low = ScalarType.BFloat16;
    const string RunningStatistics = "running_mean";

    readonly nn.Module<Tensor, Tensor> _twin;
    readonly FlatWeights _weights;
    readonly (nn.Module Own, nn.Module Twin)[] _modules;
    readonly List<(WeightBlock Block, Parameter Twin)> _rounded = [];
    readonly List<(WeightBlock Block, Parameter Twin)> _shared = [];
    readonly List<(long Offset, long Count)> _spans = [];
    readonly Tensor _values;
    readonly Tensor _gradients;
    readonly List<Tensor> _gradientViews = [];

    /// <param name="network">The network in float32.</param>
    /// <param name="twin">One that was built alike, on the same device; it belongs to this from here on.</param>
    /// <param name="weights">The first network's weights.</param>
    public Bfloat16Twin(nn.Module network, nn.Module<Tensor, Tensor> twin, FlatWeights weights)
    {
        (_twin, _weights) = (twin, weights);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Convert(twin);
        _modules = [.. network.named_modules().Zip(twin.named_modules(), (own, other) => (own.module, other.module))];
        Share(network);
        _values = empty(weights.Values.shape, dtype: Low, device: weights.Values.device).DetachFromDisposeScope();
        _gradients = zeros_like(_values).DetachFromDisposeScope();
        View();
        Network = new Casting(twin);
    }

    /// <summary>The network for a pass: float32 or ids in, float32 out.</summary>
    public nn.Module<Tensor, Tensor> Network { get; }

    /// <summary>Takes over the weights as they are now, and which modules train.</summary>
    public void Begin()
    {
        foreach (var (own, twin) in _modules)
            if (own.training != twin.training)
                twin.train(own.training);
        _values.copy_(_weights.Values);
    }

    /// <summary>As <see cref="Begin()"/>; backward adds to this gradient, what is in bfloat16 by way of <see cref="Add"/>.</summary>
    public void Begin(Tensor gradient)
    {
        Begin();
        foreach (var (block, twin) in _shared)
            twin.grad = block.Of(gradient);
        for (var i = 0; i < _rounded.Count; i++)
            _rounded[i].Twin.grad = _gradientViews[i];
    }

    /// <summary>Adds what backward gave in bfloat16 to the gradient.</summary>
    public void Add(Tensor gradient)
    {
        foreach (var (offset, count) in _spans)
        {
            using var scope = NewDisposeScope();
            gradient.narrow(0, offset, count).add_(_gradients.narrow(0, offset, count));
        }
        _gradients.zero_();
    }

    public void Dispose()
    {
        // Its views end with it; what it shares with the first network is not its own.
        foreach (var (_, parameter) in _rounded.Concat(_shared))
            parameter.grad = null;
        _twin.Dispose();
        Network.Dispose();
        foreach (var view in _gradientViews)
            view.Dispose();
        _gradients.Dispose();
        _values.Dispose();
    }

    static void Convert(nn.Module twin)
    {
        twin.to(Low);
        foreach (var (_, module) in twin.named_modules())
            if (HasRunningStatistics(module))
                module.to(ScalarType.Float32);
    }

    static bool HasRunningStatistics(nn.Module module) => module.named_buffers(recurse: false).Any(buffer => buffer.name == RunningStatistics);

    // Parameters and statistics that are computed with in float32 are the first network's own memory; parameters that are not trained are rounded once.
    void Share(nn.Module network)
    {
        var blocks = _weights.Blocks.ToDictionary(block => block.Name);
        var kept = _twin.named_modules().Where(module => HasRunningStatistics(module.module)).Select(module => module.name).ToHashSet();
        foreach (var ((name, own), (_, twin)) in network.named_parameters().Zip(_twin.named_parameters()))
        {
            twin.requires_grad = own.requires_grad;
            var isKept = kept.Contains(name[..Math.Max(0, name.LastIndexOf('.'))]);
            if (isKept)
                twin.set_(own.detach());
            else if (!own.requires_grad)
                twin.copy_(own);
            if (blocks.TryGetValue(name, out var block))
                (isKept ? _shared : _rounded).Add((block, twin));
        }
        foreach (var ((name, own), (_, twin)) in network.named_buffers().Zip(_twin.named_buffers()))
            if (kept.Contains(name[..Math.Max(0, name.LastIndexOf('.'))]))
                twin.set_(own);
            else
                twin.copy_(own);
    }

    void View()
    {
        foreach (var (block, twin) in _rounded)
        {
            twin.set_(block.Of(_values));
            _gradientViews.Add(block.Of(_gradients).DetachFromDisposeScope());
        }
        foreach (var (block, _) in _rounded.OrderBy(rounded => rounded.Block.Offset))
            if (_spans is [.., var last] && last.Offset + last.Count == block.Offset)
                _spans[^1] = (last.Offset, last.Count + block.Count);
            else
                _spans.Add((block.Offset, block.Count));
    }

    /// <summary>Gives numbers to the network in bfloat16, and what comes of them back in float32.</summary>
    sealed class Casting(nn.Module<Tensor, Tensor> network) : nn.Module<Tensor, Tensor>(nameof(Casting))
    {
        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return network.call(x.is_floating_point() ? x.to(Low) : x).to(ScalarType.Float32).MoveToOuterDisposeScope();
        }
    }
}
