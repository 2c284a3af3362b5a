namespace Microsoft.ML.SharpnessAware;

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
