namespace Microsoft.ML.SharpnessAware;

/// <summary>The passes of one rule in one step. Each moves the weights where the rule wants them, and back, also when it throws.</summary>
internal sealed class GradientPasses(StepContext context, StepMoment moment, BatchRows rows, Func<BatchRows?> last, PassResults results) : IGradientOracle
{
    readonly Seeds _seeds = new(moment.Seed);

    public Tensor Weights => context.Weights.Values;

    public IReadOnlyList<WeightBlock> Blocks => context.Weights.Blocks;

    public Tensor IsWeight => context.IsWeight;

    public Tensor? Perturbed => context.Perturbed;

    public int Examples => rows.Count;

    public Tensor Radii(double rho) => context.Radii(rho);

    public Tensor? Momentum => context.Optimizer.Momentum;

    public IGradientOracle? LastBatch => last() is { } lastRows ? new GradientPasses(context, moment, lastRows, () => null, results) { Step = this } : null;

    /// <summary>The passes over the step's own batch, where these are over the last one: what moves the weights past the optimizer is the step's.</summary>
    GradientPasses? Step { get; init; }

    /// <summary>What is taken from the weights beside the base optimizer, times the learning rate; null for nothing.</summary>
    public Tensor? DecoupledUpdate { get; private set; }

    public Tensor Ahead(Tensor direction) => context.Optimizer.Ahead(direction, moment.LearningRateFactor);

    public void AddDecoupledUpdate(Tensor v)
    {
        if (Step is not null)
            Step.AddDecoupledUpdate(v);
        else
            DecoupledUpdate = DecoupledUpdate is null ? v : DecoupledUpdate + v;
    }

    public Tensor GradientAt(Func<Tensor> point, Tensor? exampleWeights = null)
    {
        if (exampleWeights is not null && !exampleWeights.shape.SequenceEqual([Examples]))
            throw new InvalidOperationException($"Example weights must have the shape [{Examples}], one for each example, but have the shape [{string.Join(", ", exampleWeights.shape)}].");
        return At(() => MoveTo(point), epsilonNorm => Gradient(exampleWeights, epsilonNorm));
    }

    public Tensor GradientBeyond(Func<Tensor> epsilon) => At(() => MoveBy(epsilon), epsilonNorm => Gradient(exampleWeights: null, epsilonNorm));

    public Tensor LossesAt(Func<Tensor> point) => At(() => MoveTo(point), _ =>
    {
        context.BeginForward();
        var losses = Everybodys([.. Pieces().Select(piece => piece.Losses(context.Network))]);
        results.AddForward(losses.mean());
        return losses;
    });

    public Tensor LossOf(Tensor gradient) => results.LossOf(gradient);

    public Tensor Difference(Func<Tensor> there, Func<Tensor> here)
    {
        var kept = results.Buffers;
        var difference = GradientAt(there) - GradientAt(here);
        results.Release(kept);
        return difference;
    }

    public Tensor Gaussian(string purpose)
    {
        using var random = Random("gaussian", purpose);
        return randn(Weights.shape, dtype: Weights.dtype, device: Weights.device, generator: random);
    }

    public Tensor Signs(string purpose)
    {
        using var random = Random("signs", purpose);
        return randint(0, 2, Weights.shape, dtype: Weights.dtype, device: Weights.device, generator: random) * 2 - 1;
    }

    public double Chance(string purpose)
    {
        const int Bits = 53;
        return (_seeds.For($"chance {purpose}") >> (63 - Bits)) * Math.ScaleB(1, -Bits);
    }

    Generator Random(string kind, string purpose) => new((ulong)_seeds.For($"{kind} {purpose}"), Weights.device);

    // A move gives ‖ε‖, or null where the weights stay where they are.
    Tensor At(Func<Tensor?> move, Func<Tensor?, Tensor> pass)
    {
        var epsilonNorm = move();
        try
        {
            var result = pass(epsilonNorm);
            context.Statistics.EndPass(results.Count - 1);
            return result;
        }
        finally
        {
            if (epsilonNorm is not null)
                context.Weights.MoveBack();
        }
    }

    // The point, or ε, and all that computing it took are gone before the pass begins.
    Tensor? MoveTo(Func<Tensor> point)
    {
        using var scope = NewDisposeScope();
        var there = point();
        if (ReferenceEquals(there, Weights))
            return null;
        context.Weights.CheckPoint(there);
        var epsilonNorm = (there - Weights).norm().MoveToOuterDisposeScope();
        context.Weights.MoveTo(there);
        return epsilonNorm;
    }

    Tensor MoveBy(Func<Tensor> epsilon)
    {
        using var scope = NewDisposeScope();
        var offset = epsilon();
        var norm = offset.norm().MoveToOuterDisposeScope();
        context.Weights.MoveBy(offset);
        return norm;
    }

    Tensor Gradient(Tensor? exampleWeights, Tensor? epsilonNorm)
    {
        var gradient = context.BeginGradient(results.Buffers);
        var means = new List<Tensor>();
        foreach (var piece in Pieces())
        {
            means.Add(piece.Backward(context.Network, Examples, exampleWeights?.narrow(0, piece.Start - rows.Start, piece.Count)));
            context.EndBackward(gradient);
        }
        var loss = means.Count == 0 ? zeros([], dtype: gradient.dtype, device: gradient.device) : stack([.. means]).sum();
        context.SharedPasses.Sum(gradient);
        context.SharedPasses.Sum(loss);
        results.AddGradient(loss, gradient, epsilonNorm);
        return gradient;
    }

    // The losses of the examples that this worker has, and of all others.
    Tensor Everybodys(Tensor[] own)
    {
        if (context.SharedPasses.IsAlone)
            return cat(own);
        var all = zeros(rows.Count, dtype: Weights.dtype, device: Weights.device);
        if (own.Length > 0)
            all.narrow(0, rows.Here.Start - rows.Start, rows.Here.Count).copy_(cat(own));
        context.SharedPasses.Sum(all);
        return all;
    }

    // Masks are those of the piece: the same in all passes, unless each is to have its own.
    IEnumerable<BatchRows> Pieces()
    {
        foreach (var piece in rows.Here.Pieces(context.Options.RowsPerPass))
        {
            SeedMasks(piece.Start);
            yield return piece;
        }
    }

    void SeedMasks(int start) => Seeds.SeedGlobalGenerator(_seeds.For("masks", start, context.Options.FreshMasks ? results.Count : 0));
}

/// <summary>Lets the running statistics of norm layers move in a step's first pass only, and not at all in a step that fails.</summary>
internal sealed class FirstPassStatistics : IDisposable
{
    static readonly string[] Names = ["running_mean", "running_var", "num_batches_tracked"];

    readonly BufferSnapshot _beforeStep;
    readonly BufferSnapshot _afterFirstPass;

    public FirstPassStatistics(nn.Module network)
    {
        var buffers = network.named_buffers().Where(b => Names.Contains(b.name.Split('.')[^1])).Select(b => b.buffer).ToArray();
        _beforeStep = new BufferSnapshot(buffers);
        _afterFirstPass = new BufferSnapshot(buffers);
    }

    public void BeginStep() => _beforeStep.Take();

    public void EndPass(int pass)
    {
        if (pass == 0)
            _afterFirstPass.Take();
        else
            _afterFirstPass.PutBack();
    }

    public void UndoStep() => _beforeStep.PutBack();

    public void Dispose()
    {
        _beforeStep.Dispose();
        _afterFirstPass.Dispose();
    }
}

/// <summary>What the passes of one rule in one step gave. It keeps its numbers from the dispose scopes that a rule may open.</summary>
internal sealed class PassResults : IDisposable
{
    /// <summary>How many numbers <see cref="Numbers"/> are.</summary>
    public const int NumberCount = 7;

    const double Tiny = 1e-300;

    readonly List<Tensor> _losses = [];
    readonly Dictionary<Tensor, Tensor> _lossOf = new(ReferenceEqualityComparer.Instance);
    Tensor? _first;
    Tensor? _firstGradient;
    Tensor? _lastLoss;
    Tensor? _lastEpsilon;

    /// <summary>Forward and backward passes.</summary>
    public int Gradients { get; private set; }

    /// <summary>Passes of any kind so far.</summary>
    public int Count => _losses.Count;

    /// <summary>How many gradients' memory is in use.</summary>
    public int Buffers { get; private set; }

    public void AddForward(Tensor loss) => _losses.Add(loss.DetachFromDisposeScope());

    public void AddGradient(Tensor loss, Tensor gradient, Tensor? epsilonNorm)
    {
        Gradients++;
        Buffers++;
        _lastLoss = loss.DetachFromDisposeScope();
        _losses.Add(_lastLoss);
        _lossOf[gradient] = _lastLoss;
        _first ??= gradient;
        _firstGradient ??= gradient.alias().DetachFromDisposeScope();
        if (epsilonNorm is null)
            return;
        _lastEpsilon?.Dispose();
        _lastEpsilon = epsilonNorm.DetachFromDisposeScope();
    }

    /// <summary>Lets later passes use the memory of all gradients but so many, and but the first.</summary>
    public void Release(int kept) => Buffers = Math.Max(kept, 1);

    /// <exception cref="InvalidOperationException">The tensor is none of the step's gradients.</exception>
    public Tensor LossOf(Tensor gradient) => _lossOf.GetValueOrDefault(gradient)
        ?? throw new InvalidOperationException("LossOf knows the gradients of its own step only, as GradientAt returned them.");

    /// <summary>
    /// In float64, on the device still: the loss of the first pass and of the last gradient's, ‖g‖ of the first gradient, the last ‖ε‖,
    /// cos(g, direction), a number that is finite where all losses are, and ‖direction‖.
    /// </summary>
    public Tensor Numbers(Tensor direction)
    {
        // What is as large as the weights is gone before the optimizer needs memory.
        using var scope = NewDisposeScope();
        var g = _firstGradient ?? zeros_like(direction);
        var (first, last) = (_losses.FirstOrDefault() ?? full(1, double.NaN), _lastLoss ?? _losses.LastOrDefault() ?? full(1, double.NaN));
        var norm = Number(g.norm());
        // Of one and the same vector nothing is to be computed twice.
        var (directionNorm, product) = ReferenceEquals(direction, _first) ? (norm, norm * norm) : (Number(direction.norm()), Number((g * direction).sum()));
        var cosine = product / (norm * directionNorm + Tiny);
        var losses = _losses.Aggregate(zeros_like(norm), (sum, loss) => sum + Number(loss));
        return stack([Number(first), Number(last), norm, Number(_lastEpsilon ?? zeros_like(norm)), cosine, losses, directionNorm]).MoveToOuterDisposeScope();

        Tensor Number(Tensor value) => value.to(ScalarType.Float64).to(direction.device).reshape([]);
    }

    public void Dispose()
    {
        foreach (var loss in _losses)
            loss.Dispose();
        _firstGradient?.Dispose();
        _lastEpsilon?.Dispose();
    }
}
