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

/// <summary>The numbers that <see cref="SamTrainStep"/> keeps between steps.</summary>
/// <param name="Index">Steps that were taken.</param>
/// <param name="SkippedInARow">Steps that were skipped since.</param>
/// <param name="KeepsLast">Whether the rule has asked for the last batch.</param>
internal readonly record struct StepState(long Index, int SkippedInARow, bool KeepsLast);
