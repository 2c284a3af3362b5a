using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A network's trainable parameters as one vector, of which each parameter is a view; and so their gradients.</summary>
/// <remarks>On <see cref="Dispose"/> the parameters become ordinary again, with the values they have then.</remarks>
internal sealed class FlatWeights : IDisposable
{
    readonly IReadOnlyList<(WeightBlock Block, Parameter Parameter)> _parameters;
    readonly List<FlatGradient> _gradients = [];
    Tensor? _origin;

    /// <param name="network">The network whose parameters that require a gradient become views.</param>
    /// <param name="groups">What is to lie together: first what none of these includes, then what the first one does, and so on.</param>
    public FlatWeights(nn.Module network, IReadOnlyList<WeightFilter>? groups = null)
    {
        var layout = new WeightLayout(network, groups ?? []);
        _parameters = layout.Parameters;
        RefuseWhatCannotBeAView();
        Blocks = [.. _parameters.Select(p => p.Block)];
        GroupSizes = layout.GroupSizes;

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

    /// <summary>All weights, in the order of <see cref="Blocks"/>.</summary>
    public Tensor Values { get; }

    /// <summary>The parameters, in the order in which they lie: the network's, group by group.</summary>
    public IReadOnlyList<WeightBlock> Blocks { get; }

    /// <summary>How many weights each group has; the first number is that of the weights in none.</summary>
    public IReadOnlyList<long> GroupSizes { get; }

    /// <summary>The gradient vector of one pass of a step, zeroed; from now on backward adds to it.</summary>
    public Tensor Gradient(int pass)
    {
        while (_gradients.Count <= pass)
            _gradients.Add(new FlatGradient(Values, Views));
        return _gradients[pass].Attach();
    }

    /// <summary>True on the elements of the parameters that are chosen; a Boolean vector that the caller owns.</summary>
    public Tensor Mask(Func<WeightBlock, bool> chosen)
    {
        using var scope = NewDisposeScope();
        var parts = Blocks.Select(block => full(block.Count, chosen(block), dtype: ScalarType.Bool, device: Values.device));
        return cat(parts.ToArray()).DetachFromDisposeScope();
    }

    /// <summary>A vector of the number of each weight's group, the first of which is that of the weights in none; the caller owns it.</summary>
    public Tensor ByGroup(IReadOnlyList<double> numbers)
    {
        using var scope = NewDisposeScope();
        var parts = numbers.Zip(GroupSizes, (number, size) => full(size, number, dtype: Values.dtype, device: Values.device));
        return cat(parts.ToArray()).DetachFromDisposeScope();
    }

    /// <exception cref="InvalidOperationException">The point is not as long as the weights.</exception>
    public void CheckPoint(Tensor point)
    {
        if (!point.shape.SequenceEqual(Values.shape))
            throw new InvalidOperationException($"A point must have the {Values.numel()} elements of the weights, but has the shape [{string.Join(", ", point.shape)}].");
    }

    /// <summary>Moves the weights to a point, and remembers every bit of where they were.</summary>
    public void MoveTo(Tensor point)
    {
        CheckPoint(point);
        RememberOrigin();
        Values.copy_(point);
    }

    /// <summary>Moves the weights by an offset, and remembers every bit of where they were.</summary>
    public void MoveBy(Tensor offset)
    {
        CheckPoint(offset);
        RememberOrigin();
        Values.add_(offset);
    }

    /// <summary>Undoes <see cref="MoveTo"/> or <see cref="MoveBy"/>, bit for bit.</summary>
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

    void RememberOrigin()
    {
        _origin ??= empty_like(Values).DetachFromDisposeScope();
        _origin.copy_(Values);
    }

    IEnumerable<(Parameter Parameter, Tensor View)> Views(Tensor flat)
    {
        foreach (var (block, parameter) in _parameters)
            yield return (parameter, block.Of(flat));
    }

    void RefuseWhatCannotBeAView()
    {
        if (_parameters.Count == 0)
            throw new ArgumentException("The network has no parameter to train: all are frozen, or it has none. Leave requires_grad on for at least one.");

        using var scope = NewDisposeScope();
        var (firstBlock, firstParameter) = _parameters[0];
        var homes = new Dictionary<nint, string>();
        foreach (var (block, parameter) in _parameters)
        {
            var name = block.Name;
            if (parameter.dtype != firstParameter.dtype || parameter.device.ToString() != firstParameter.device.ToString())
                throw new ArgumentException($"Parameter '{name}' is {parameter.dtype} on {parameter.device}, but '{firstBlock.Name}' is {firstParameter.dtype} on {firstParameter.device}. Move and convert the whole network alike before training.");
            if (Dense(parameter) is not { } dense)
                throw new ArgumentException($"Parameter '{name}' is not contiguous. Give the network parameter.contiguous() instead.");
            if (Home(dense, Dense(firstParameter)!) is { } home && !homes.TryAdd(home, name))
                throw new ArgumentException($"Parameters '{homes[home]}' and '{name}' share their memory. Register one and the same Parameter object in both places, or give each its own.");
        }
    }

    // The parameter as its numbers lie in memory; null if there are gaps.
    static Tensor? Dense(Parameter parameter) =>
        parameter.is_contiguous() ? parameter
        : parameter.dim() >= 3 && ChannelsLast.InMemoryOrder(parameter) is var ordered && ordered.is_contiguous() ? ordered
        : null;

    // Where a parameter's data lie, counted from another's; unknown off the CPU.
    static nint? Home(Tensor parameter, Tensor origin) => parameter.device_type == DeviceType.CPU && parameter.numel() > 0
        ? Unsafe.ByteOffset(ref MemoryMarshal.GetReference(origin.bytes), ref MemoryMarshal.GetReference(parameter.bytes))
        : null;
}

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

/// <summary>The order in which a network's trainable parameters lie in one vector: first those in no group, then group by group.</summary>
internal sealed class WeightLayout
{
    public WeightLayout(nn.Module network, IReadOnlyList<WeightFilter> groups)
    {
        var owners = network.named_modules().ToDictionary(m => m.name, m => m.module);
        var grouped = network.named_parameters().Where(p => p.parameter.requires_grad)
            .Select(p => (p.parameter, Block: BlockOf(p.name, p.parameter, owners.GetValueOrDefault(Owner(p.name), network))))
            .ToLookup(p => GroupOf(p.Block, groups));

        var sizes = new long[groups.Count + 1];
        var parameters = new List<(WeightBlock, Parameter)>();
        for (var (group, offset) = (0, 0L); group < sizes.Length; group++)
            foreach (var (parameter, block) in grouped[group])
            {
                parameters.Add((block.At(offset), parameter));
                sizes[group] += block.Count;
                offset += block.Count;
            }
        (Parameters, GroupSizes) = (parameters, sizes);
    }

    public IReadOnlyList<(WeightBlock Block, Parameter Parameter)> Parameters { get; }

    /// <summary>How many weights each group has; the first number is that of the weights in none.</summary>
    public IReadOnlyList<long> GroupSizes { get; }

    static int GroupOf(WeightBlock block, IReadOnlyList<WeightFilter> groups)
    {
        for (var i = 0; i < groups.Count; i++)
            if (groups[i].Includes(block))
                return i + 1;
        return 0;
    }

    static WeightBlock BlockOf(string name, Parameter parameter, nn.Module owner) =>
        new(name, parameter.shape, owner.GetType().Name.Contains("Norm", StringComparison.Ordinal), offset: 0, ChannelsLast.AreFilters(owner, parameter));

    static string Owner(string parameter) => parameter[..Math.Max(0, parameter.LastIndexOf('.'))];
}
