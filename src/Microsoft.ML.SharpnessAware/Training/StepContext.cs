namespace Microsoft.ML.SharpnessAware;

/// <summary>What stays the same from step to step around a rule: the network and its weights, norm statistics, masks over the weights.</summary>
internal sealed class StepContext : IDisposable
{
    // The radius of each weight in a group that has one of its own, and NaN for the others; null where no group has.
    readonly Tensor? _ownRadii;
    Tensor? _isWeight;

    readonly Bfloat16Twin? _twin;

    public StepContext(nn.Module network, BaseOptimizer optimizer, StepOptions options, nn.Module<Tensor, Tensor>? twin, Team team)
    {
        Options = options;
        Team = team;
        Weights = new FlatWeights(network, [.. options.ParameterGroups.Select(g => g.Weights)]);
        _twin = twin is null ? null : new Bfloat16Twin(network, twin, Weights);
        Network = _twin?.Network ?? network;
        Statistics = new FirstPassStatistics(network);
        Optimizer = new FlatOptimizer(Weights, [optimizer, .. options.ParameterGroups.Select(g => g.Optimizer)]);
        Perturbed = Chosen(options.PerturbedWeights);
        _ownRadii = options.ParameterGroups.Any(group => group.Rho is not null) ? Weights.ByGroup([double.NaN, .. options.ParameterGroups.Select(group => group.Rho ?? double.NaN)]) : null;
    }

    /// <summary>What passes go through.</summary>
    public nn.Module Network { get; }

    public StepOptions Options { get; }

    /// <summary>The workers that take the step together.</summary>
    public Team Team { get; }

    /// <summary>The workers whose examples share each pass: all of them, or, where micro-batches have perturbations of their own, this one alone.</summary>
    public Team SharedPasses => Options.MicroBatch is null ? Team : Team.Alone;

    public FlatWeights Weights { get; }

    public FlatOptimizer Optimizer { get; }

    public FirstPassStatistics Statistics { get; }

    /// <summary>True on the elements of parameters whose name contains "weight".</summary>
    public Tensor IsWeight => _isWeight ??= Weights.Mask(block => block.Name.Contains("weight", StringComparison.Ordinal));

    /// <summary>True on the elements that may be perturbed; null where all may.</summary>
    public Tensor? Perturbed { get; }

    /// <summary>The radius of each weight where the rule's is <paramref name="rho"/>, in the caller's scope; a scalar where it is the same for all.</summary>
    public Tensor Radii(double rho) => _ownRadii is null ? tensor(rho) : where(_ownRadii.isnan(), full_like(_ownRadii, rho), _ownRadii);

    /// <summary>Gets ready for forward passes alone, with the weights as they are now.</summary>
    public void BeginForward() => _twin?.Begin();

    /// <summary>The gradient vector of one pass of a step, zeroed, which backward adds to from now on, where the weights are as they are now.</summary>
    public Tensor BeginGradient(int pass)
    {
        var gradient = Weights.Gradient(pass);
        _twin?.Begin(gradient);
        return gradient;
    }

    /// <summary>To be called after each backward pass of that gradient.</summary>
    public void EndBackward(Tensor gradient) => _twin?.Add(gradient);

    public void Dispose()
    {
        _twin?.Dispose();
        Optimizer.Dispose();
        Statistics.Dispose();
        _ownRadii?.Dispose();
        _isWeight?.Dispose();
        Perturbed?.Dispose();
        Weights.Dispose();
    }

    Tensor? Chosen(WeightFilter filter)
    {
        if (Weights.Blocks.All(filter.Includes))
            return null;
        if (!Weights.Blocks.Any(filter.Includes))
            throw new InvalidOperationException($"{filter} chooses none of the network's parameters to perturb. They are {string.Join(", ", Weights.Blocks)}. Choose others, or Plain to perturb none.");
        return Weights.Mask(filter.Includes);
    }
}
