using System.Globalization;

namespace Microsoft.ML.SharpnessAware;

// One step with Sam(Rho), beside davda54's sam.py:
//
//     begin(norm layers)                               # their running statistics move in the first pass only
//     for rows in micro_batches(batch):                # one, unless MicroBatch is set
//         g       = gradient(L(rows), at: w)           # loss.backward()
//         epsilon = rho * g / norm(g)                  # SAM.first_step: e_w
//         w_adv   = w + epsilon                        # the weights move, and their old bits are kept
//         d       = gradient(L(rows), at: w_adv)       # the second loss.backward()
//         w       = the old bits                       # SAM.second_step: p.data = state["old_p"]
//     d = clip(mean of the micro-batches' d)
//     if a loss, gradient or direction is not finite:
//         undo(statistics, the rule's memory); count a skipped step
//     else:
//         base_optimizer.step(w, d)                    # base_optimizer.step()

/// <summary>One training step: lets the rule find a direction, and gives it to the base optimizer at w.</summary>
/// <param name="network">What is trained.</param>
/// <param name="rule">How.</param>
/// <param name="optimizer">And with which optimizer.</param>
/// <param name="options">Settings of a step; null for the defaults.</param>
/// <param name="twin">A network that was built alike, to compute the passes in bfloat16, which belongs to the step; null for passes in float32.</param>
/// <param name="shares">The workers that take the step together, and their parts of a batch; null for one alone.</param>
internal sealed class SamTrainStep(nn.Module network, SharpnessRule rule, BaseOptimizer optimizer, StepOptions? options = null, nn.Module<Tensor, Tensor>? twin = null, BatchShares? shares = null) : IDisposable
{
    const int MostSkippedInARow = 20;
    const string GroupPrefix = "MicroBatch";

    readonly StepContext _context = new(network, optimizer, options ?? new StepSettings(), twin, shares?.Team ?? Team.Alone);
    readonly RuleMemory _memory = new();
    IStepBatch? _last;
    bool _keepsLast;
    long _index;
    int _skippedInARow;

    /// <summary>What the rule keeps between steps.</summary>
    public IReadOnlyDictionary<string, Tensor> Memory => _memory.Kept;

    /// <summary>The numbers that are kept between steps.</summary>
    public StepState State => new(_index, _skippedInARow, _keepsLast);

    /// <summary>Whether the batch of the last step that was taken is kept.</summary>
    public bool HasLast => _last is not null;

    /// <summary>The tensors that are kept between steps, but those of the last batch; some lie in the caller's scope. Where micro-batches have their own, those of all workers.</summary>
    public Dictionary<string, Tensor> Kept()
    {
        var memory = _context.Options.MicroBatch is null ? _memory.Kept : _context.Team.Gather(_memory.Kept);
        return _context.Optimizer.Kept().Under("optimizer").Concat(memory.Under("memory")).ToDictionary();
    }

    /// <summary>Goes on from there. The last batch belongs to it from here on.</summary>
    public void Load(StepState state, IReadOnlyDictionary<string, Tensor> saved, IStepBatch? last)
    {
        _context.Optimizer.Load(saved.Of("optimizer"));
        _memory.Load(saved.Of("memory").Where(kept => IsOwn(kept.Key)).ToDictionary(), _context.Weights.Values.device);
        (_index, _skippedInARow, _keepsLast, _last) = (state.Index, state.SkippedInARow, state.KeepsLast, last);
    }

    /// <summary>One step. The batch belongs to it from here on.</summary>
    public StepReport Run(IStepBatch batch, StepMoment moment)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _context.Statistics.BeginStep();
        using var found = new StepDirection(_context, moment, batch);
        var taken = false;
        try
        {
            foreach (var (group, rows) in Groups(batch).Where(group => IsOwn(group.Rows)))
                found.Add(Ask(group, rows, moment, found.NewResults()));
            var report = found.Report();
            if (report.Skipped)
                CountSkipped(report);
            else
                Take(found, report);
            taken = !report.Skipped;
            return report;
        }
        finally
        {
            if (!taken)
                Undo();
            Keep(taken, batch);
        }
    }

    public void Dispose()
    {
        _last?.Dispose();
        _memory.Dispose();
        _context.Dispose();
    }

    // Each group of examples has its own perturbation, and its own part of the rule's memory.
    GroupDirection Ask(int group, BatchRows rows, StepMoment moment, PassResults results)
    {
        var passes = new GradientPasses(_context, moment, rows, () => LastRows(group), results);
        var direction = rule.Direction(new SamStep(passes, _memory, moment, _context.Optimizer.LearningRate * moment.LearningRateFactor, _index, PlaceOf(group)));
        return new GroupDirection(rows.Count, Checked(direction), passes.DecoupledUpdate, results);
    }

    BatchRows? LastRows(int group)
    {
        _keepsLast = true;
        if (_last is null)
            return null;
        var groups = Groups(_last).Skip(group).Take(1).ToArray();
        return groups is [var (_, rows)] ? rows : null;
    }

    IEnumerable<(int Group, BatchRows Rows)> Groups(IStepBatch batch) => BatchRows.All(batch).Pieces(_context.Options.MicroBatch).Index();

    string PlaceOf(int group) => _context.Options.MicroBatch is null ? "" : $"{GroupPrefix}{group}.";

    // A micro-batch is one worker's. What all examples share, all work on.
    bool IsOwn(BatchRows group) => _context.Options.MicroBatch is null || group.Here.Count > 0;

    bool IsOwn(string remembered) => _context.Options.MicroBatch is null || shares is null || shares.IsOwn(int.Parse(remembered[GroupPrefix.Length..remembered.IndexOf('.')], CultureInfo.InvariantCulture));

    void Take(StepDirection found, StepReport report)
    {
        found.Take(report.DirectionNorm);
        _memory.Commit();
        _index++;
        _skippedInARow = 0;
    }

    void Undo()
    {
        _memory.Forget();
        _context.Statistics.UndoStep();
    }

    // The last batch is that of the last step that was taken, as what the rule remembers is.
    void Keep(bool taken, IStepBatch batch)
    {
        if (!taken || !_keepsLast)
        {
            batch.Dispose();
            return;
        }
        _last?.Dispose();
        _last = batch;
    }

    void CountSkipped(StepReport report)
    {
        if (++_skippedInARow >= MostSkippedInARow)
            throw CommonFault.Of(new InvalidOperationException(Invariant(
                $"{MostSkippedInARow} steps in a row were skipped, because a loss, gradient or direction was not finite (the last loss was {report.Loss}, at the perturbed weights {report.PerturbedLoss}). Try a smaller learning rate or Rho, set ClipNorm, or look for inputs that are not finite.")));
    }

    Tensor Checked(Tensor direction) => direction.shape.SequenceEqual(_context.Weights.Values.shape)
        ? direction
        : throw new InvalidOperationException($"{rule} returned a direction of shape [{string.Join(", ", direction.shape)}], but the weights have the shape [{_context.Weights.Values.numel()}].");
}

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

/// <summary>The direction of one step: the mean of what the rule answered for its groups of examples, weighted by their size.</summary>
internal sealed class StepDirection(StepContext context, StepMoment moment, IStepBatch batch) : IDisposable
{
    const int NormAtTheEnd = PassResults.NumberCount;

    readonly List<PassResults> _results = [];
    readonly List<(double Share, Tensor Numbers)> _groups = [];
    Tensor? _direction;
    Tensor? _decoupled;
    int _passes;
    int _forwards;

    // Micro-batches are shared out, and what is asked of them is added up.
    bool IsShared => !context.Team.IsAlone && context.SharedPasses.IsAlone;

    /// <summary>What the passes for the next group give.</summary>
    public PassResults NewResults()
    {
        _results.Add(new PassResults());
        return _results[^1];
    }

    public void Add(GroupDirection group)
    {
        var share = (double)group.Examples / batch.Count;
        _groups.Add((share, group.Results.Numbers(Whole(group.Direction, group.DecoupledUpdate))));
        _passes = Math.Max(_passes, group.Results.Gradients);
        _forwards = Math.Max(_forwards, group.Results.Count - group.Results.Gradients);
        _direction = Sum(_direction, group.Direction, share);
        if (group.DecoupledUpdate is not null)
            _decoupled = Sum(_decoupled, group.DecoupledUpdate, share);
    }

    /// <summary>The numbers of the step, and the wishes of all workers.</summary>
    public StepReport Report()
    {
        var numbers = IsShared ? SharedNumbers() : OwnNumbers();
        var (hits, wishes) = Exchanged();
        return new StepReport
        {
            Loss = numbers[0],
            PerturbedLoss = numbers[1],
            GradientNorm = numbers[2],
            EpsilonNorm = numbers[3],
            Cosine = numbers[4],
            DirectionNorm = numbers[NormAtTheEnd],
            Passes = _passes,
            ForwardPasses = _forwards,
            // A rule may take no pass at all: then there are no losses, and nothing is wrong.
            Skipped = !double.IsFinite(numbers[2] + numbers[3] + numbers[5] + numbers[NormAtTheEnd]),
            Hits = hits,
            Wishes = wishes,
        };
    }

    /// <summary>Steps along it, clipped.</summary>
    public void Take(double norm)
    {
        var clip = norm > context.Options.ClipNorm ? context.Options.ClipNorm.Value / norm : 1;
        context.Optimizer.Step(Scaled(_direction!, clip), moment.LearningRateFactor, _decoupled is null ? null : Scaled(_decoupled, clip));
    }

    public void Dispose()
    {
        foreach (var results in _results)
            results.Dispose();
    }

    // One transfer from the device for all numbers of the step.
    double[] OwnNumbers()
    {
        // Of one group the direction is the step's, and its norm is known.
        var norm = _groups is [var only] ? only.Numbers.narrow(0, PassResults.NumberCount - 1, 1) : NormOf(_direction!, _decoupled);
        var numbers = cat([.. _groups.Select(g => g.Numbers * g.Share), norm]).cpu().data<double>().ToArray();
        return [.. Enumerable.Range(0, PassResults.NumberCount).Select(which => _groups.Select((_, group) => numbers[group * PassResults.NumberCount + which]).Sum()), numbers[^1]];
    }

    // The means over the groups of all workers; then their directions are added up.
    double[] SharedNumbers()
    {
        double[] numbers = [.. _groups.Count == 0 ? new double[PassResults.NumberCount + 1] : OwnNumbers(), _decoupled is null ? 0 : 1, context.Team.Leads ? _passes : 0, context.Team.Leads ? _forwards : 0];
        context.Team.Sum(numbers);
        var (isDecoupled, direction) = (numbers[NormAtTheEnd + 1] > 0, _direction ?? zeros_like(context.Weights.Values));
        (_passes, _forwards) = ((int)numbers[NormAtTheEnd + 2], (int)numbers[NormAtTheEnd + 3]);
        context.Team.Sum(_direction = direction);
        if (isDecoupled)
            context.Team.Sum(_decoupled ??= zeros_like(context.Weights.Values));
        numbers[NormAtTheEnd] = NormOf(direction, _decoupled).ToDouble();
        return numbers;
    }

    (long Hits, StepWishes Wishes) Exchanged()
    {
        if (context.Team.IsAlone)
            return (batch.Hits, moment.Wishes);
        double[] numbers = [batch.Hits, moment.Wishes.HasFlag(StepWishes.Stop) ? 1 : 0, moment.Wishes.HasFlag(StepWishes.Save) ? 1 : 0];
        context.Team.Sum(numbers);
        return ((long)numbers[0], (numbers[1] > 0 ? StepWishes.Stop : 0) | (numbers[2] > 0 ? StepWishes.Save : 0));
    }

    static Tensor NormOf(Tensor direction, Tensor? decoupled) => Whole(direction, decoupled).norm().to(ScalarType.Float64).reshape(1);

    static Tensor Whole(Tensor direction, Tensor? decoupled) => decoupled is null ? direction : direction + decoupled;

    static Tensor Scaled(Tensor v, double factor) => factor == 1 ? v : v * factor;

    // A gradient's memory is used again for the next group, so that a sum must not share it.
    static Tensor Sum(Tensor? sum, Tensor v, double share) => sum is null ? Scaled(v, share) : sum + share * v;
}

/// <summary>What the rule answered for one group of examples: a direction, a decoupled update, and what the passes gave.</summary>
internal readonly record struct GroupDirection(int Examples, Tensor Direction, Tensor? DecoupledUpdate, PassResults Results);

/// <summary>The numbers that <see cref="SamTrainStep"/> keeps between steps.</summary>
/// <param name="Index">Steps that were taken.</param>
/// <param name="SkippedInARow">Steps that were skipped since.</param>
/// <param name="KeepsLast">Whether the rule has asked for the last batch.</param>
internal readonly record struct StepState(long Index, int SkippedInARow, bool KeepsLast);
