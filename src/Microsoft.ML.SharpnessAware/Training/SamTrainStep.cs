using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>One training step: lets the rule find a direction, and gives it to the base optimizer at w.</summary>
internal sealed class SamTrainStep : IDisposable
{
    const int MostSkippedInARow = 20;

    readonly SharpnessRule _rule;
    readonly FlatWeights _weights;
    readonly StepSurroundings _surroundings;
    readonly RuleMemory _memory = new();
    readonly Parameter _parameter;
    readonly optim.Optimizer _optimizer;
    long _index;
    int _skippedInARow;

    public SamTrainStep(nn.Module network, SharpnessRule rule, BaseOptimizer optimizer, Func<string, Parameter, bool>? perturbed = null, bool freshMasks = false)
    {
        _rule = rule;
        _weights = new FlatWeights(network);
        _surroundings = new StepSurroundings(network, _weights, perturbed, freshMasks);
        _parameter = OneParameter(_weights.Values);
        _optimizer = optimizer.Create(_parameter);
    }

    /// <summary>The largest norm of a direction; a longer one is scaled down to it. Null: none is.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>What the rule keeps between steps.</summary>
    public IReadOnlyDictionary<string, Tensor> Memory => _memory.Kept;

    /// <summary>One step. The loss is computed once a pass; the seed governs what the network draws.</summary>
    public StepReport Run(Func<Tensor> loss, double learningRate, long seed)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var passes = new GradientPasses(_weights, _surroundings, loss, seed);
        _surroundings.Statistics.BeginStep();
        try
        {
            var direction = Checked(_rule.Direction(new SamStep(passes, _memory, learningRate, _index)));
            var report = Report(passes, direction);
            if (report.Skipped)
                Undo(report);
            else
                Take(direction, report.DirectionNorm, learningRate);
            return report;
        }
        catch
        {
            Undo();
            throw;
        }
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _parameter.Dispose();
        _memory.Dispose();
        _surroundings.Dispose();
        _weights.Dispose();
    }

    void Take(Tensor direction, double norm, double learningRate)
    {
        _memory.Commit();
        _parameter.grad = norm > ClipNorm ? direction * (ClipNorm.Value / norm) : direction;
        foreach (var group in _optimizer.ParamGroups)
            group.LearningRate = learningRate;
        _optimizer.step();
        _parameter.grad = null;
        _index++;
        _skippedInARow = 0;
    }

    void Undo()
    {
        _memory.Forget();
        _surroundings.Statistics.UndoStep();
    }

    void Undo(StepReport report)
    {
        if (++_skippedInARow >= MostSkippedInARow)
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{MostSkippedInARow} steps in a row were skipped, because a loss, gradient or direction was not finite (the last loss was {report.Loss}, at the perturbed weights {report.PerturbedLoss}). Try a smaller learning rate or Rho, set ClipNorm, or look for inputs that are not finite."));
        Undo();
    }

    Tensor Checked(Tensor direction) => direction.shape.SequenceEqual(_weights.Values.shape)
        ? direction
        : throw new InvalidOperationException($"{_rule} returned a direction of shape [{string.Join(", ", direction.shape)}], but the weights have the shape [{_weights.Values.numel()}].");

    // One transfer from the device for all numbers of the step.
    static StepReport Report(GradientPasses passes, Tensor direction)
    {
        var numbers = stack([.. passes.Losses.Select(l => l.reshape([])), direction.norm()]).to(ScalarType.Float64).cpu().data<double>().ToArray();
        return new StepReport(
            Loss: numbers.Length > 1 ? numbers[0] : double.NaN,
            PerturbedLoss: numbers.Length > 1 ? numbers[^2] : double.NaN,
            DirectionNorm: numbers[^1],
            Passes: passes.Losses.Count,
            Skipped: !Array.TrueForAll(numbers, double.IsFinite));
    }

    // The optimizer's state has one entry, and its update runs over one vector.
    static Parameter OneParameter(Tensor values)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(values.alias(), requires_grad: true);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
