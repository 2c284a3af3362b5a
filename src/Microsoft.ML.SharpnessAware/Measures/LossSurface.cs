using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The mean loss of some rows as a function of a network's weights. Whatever is asked of it, the weights are put back bit for bit.</summary>
/// <remarks>What is added up over batches is so in float64; the vectors that it returns are float64.</remarks>
internal sealed class LossSurface
{
    readonly FlatWeights _weights;
    readonly Parameter[] _parameters;
    readonly IRowLosses _losses;
    readonly int[] _rows;

    public LossSurface(nn.Module network, FlatWeights weights, IRowLosses losses)
    {
        var parameters = network.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        _weights = weights;
        _parameters = [.. weights.Blocks.Select(block => parameters[block.Name])];
        _losses = losses;
        _rows = [.. Enumerable.Range(0, losses.Count)];
    }

    LossSurface(LossSurface whole, int[] rows) => (_weights, _parameters, _losses, _rows) = (whole._weights, whole._parameters, whole._losses, rows);

    /// <summary>How many rows the loss is the mean of.</summary>
    public int Rows => _rows.Length;

    /// <summary>The weights w, where the network stands.</summary>
    public Tensor Weights => _weights.Values;

    public IReadOnlyList<WeightBlock> Blocks => _weights.Blocks;

    /// <summary>The surfaces of groups of so many rows; the last one has what is left.</summary>
    public IEnumerable<LossSurface> Groups(int size) => _rows.Chunk(size).Select(rows => new LossSurface(this, rows));

    public double LossAt(Tensor point) => At(point, () =>
    {
        using var noGrad = no_grad();
        var sum = 0.0;
        _losses.Each(_rows, losses => sum += Sum(losses));
        return sum / Rows;
    });

    public LossGradient GradientAt(Tensor point) => At(point, () =>
    {
        var sum = 0.0;
        var gradient = MeanGradient(losses =>
        {
            sum += Sum(losses);
            losses.sum().backward();
        });
        return new LossGradient(sum / Rows, gradient);
    });

    /// <summary>H v, the Hessian at the weights times a vector, by differentiating the gradient.</summary>
    /// <param name="v">The vector.</param>
    /// <param name="guarded">Whether a native error, such as a GPU out of memory, must not end the process; libtorch then warns on standard error of a cycle, which there is not for long.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">Something in the network cannot be differentiated twice.</exception>
    public Tensor HessianTimes(Tensor v, bool guarded)
    {
        using var scope = NewDisposeScope();
        var typed = v.to(Weights.dtype);
        var parts = Blocks.Select(block => block.Of(typed)).ToArray();
        return MeanGradient(losses =>
        {
            var gradients = GradientsWithGraph(losses.sum(), guarded).ToArray();
            _weights.Gradient(0);
            // Where the gradient is the same everywhere, there is nothing to differentiate.
            if (Slope(gradients, parts) is { requires_grad: true } slope)
                slope.backward();
        }).MoveToOuterDisposeScope();
    }

    // TorchSharp guards backward but not grad.
    IEnumerable<Tensor?> GradientsWithGraph(Tensor loss, bool guarded)
    {
        if (!guarded)
            return autograd.grad([loss], _parameters, retain_graph: true, create_graph: true, allow_unused: true).Select(gradient => gradient.IsInvalid ? null : gradient);
        foreach (var parameter in _parameters)
            parameter.grad = null;
        autograd.backward([loss], create_graph: true);
        return _parameters.Select(parameter => parameter.grad);
    }

    // g·v, with its graph; null where no parameter takes part.
    static Tensor? Slope(Tensor?[] gradients, Tensor[] v) => gradients.Zip(v)
        .Where(pair => pair.First is not null)
        .Select(pair => (pair.First! * pair.Second).sum())
        .Aggregate((Tensor?)null, (sum, term) => sum is null ? term : sum + term);

    // The mean over rows of what backward passes, a batch each, add to the gradient.
    Tensor MeanGradient(Action<Tensor> backward)
    {
        var total = zeros(Weights.shape, dtype: ScalarType.Float64, device: Weights.device);
        using var grad = enable_grad();
        _losses.Each(_rows, losses =>
        {
            var gradient = _weights.Gradient(0);
            backward(losses);
            total.add_(gradient.to(ScalarType.Float64));
        });
        return total.div_(Rows);
    }

    T At<T>(Tensor point, Func<T> pass)
    {
        if (ReferenceEquals(point, Weights))
            return pass();
        using (no_grad())
            _weights.MoveTo(point);
        try
        {
            return pass();
        }
        finally
        {
            using (no_grad())
                _weights.MoveBack();
        }
    }

    static double Sum(Tensor losses) => losses.detach().to(ScalarType.Float64).sum().item<double>();
}

/// <summary>Rows, and the loss of each under the weights that a network has at the moment.</summary>
internal interface IRowLosses
{
    int Count { get; }

    /// <summary>Gives away the losses of these rows, a batch at a time, each within a dispose scope of its own.</summary>
    void Each(IReadOnlyList<int> rows, Action<Tensor> use);
}

/// <summary>The mean loss at a point, and its gradient there, a float64 vector.</summary>
internal readonly record struct LossGradient(double Loss, Tensor Gradient);

/// <summary>A network's cross-entropies on examples: in eval mode, without augmentation and without label smoothing.</summary>
internal sealed class NetworkLosses(nn.Module<Tensor, Tensor> network, IExamples examples, Device device) : IRowLosses
{
    public int Count => examples.Count;

    public required int BatchSize { get; init; }

    /// <summary>What inputs of floating point are turned into; the network must have it as well.</summary>
    public required ScalarType Precision { get; init; }

    /// <summary>Whether each row's logits are divided by their norm first, which takes the scale of the last layer away.</summary>
    public bool NormalizeLogits { get; init; }

    /// <summary>Called before each batch; throws to stop.</summary>
    public Action CheckAlive { get; init; } = () => { };

    public void Each(IReadOnlyList<int> rows, Action<Tensor> use)
    {
        foreach (var (_, loaded) in Prefetch.Each(rows.Chunk(BatchSize).ToArray(), (_, batch) => examples.Load(batch, augmentationSeed: null)))
        {
            using var batch = loaded.MoveTo(device);
            CheckAlive();
            using var scope = NewDisposeScope();
            use(nn.functional.cross_entropy(Logits(batch), batch.Labels, reduction: nn.Reduction.None));
        }
    }

    Tensor Logits(Batch batch)
    {
        var inputs = batch.Inputs.is_floating_point() ? batch.Inputs.to(Precision) : batch.Inputs;
        var logits = network.call(inputs);
        return NormalizeLogits ? logits / logits.square().sum(dim: 1, keepdim: true).sqrt().clamp_min(1e-12) : logits;
    }
}
