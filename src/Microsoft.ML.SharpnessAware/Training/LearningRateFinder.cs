namespace Microsoft.ML.SharpnessAware;

/// <summary>Takes steps as a run begins with them, but at learning rates that grow.</summary>
internal sealed class LearningRateFinder(nn.Module<Tensor, Tensor> network, TrainingPlan plan, LearningRateSweep sweep)
{
    /// <summary>The losses on the way. The network's weights are worth nothing afterwards.</summary>
    /// <exception cref="OperationCanceledException">The user or the host wants it to end.</exception>
    public LearningRateCurve Run(IExamples train)
    {
        using var random = Seeds.BorrowGlobalGenerator();
        network.to(plan.Device);
        plan.Team.MakeAlike(network);
        plan.ThrowIfAnyIsCancelled();
        var stages = new Stages(network, plan, train, validation: null);
        stages.CheckRows();
        using var stage = stages.At(epoch: 1);
        using var step = stage.NewStep();
        var curve = new LearningRateCurve(sweep);
        for (var epoch = 1; !curve.IsOver; epoch++)
            TryEpoch(stage, epoch, step, curve);
        return curve;
    }

    void TryEpoch(Stage stage, int epoch, SamTrainStep step, LearningRateCurve curve)
    {
        var batches = new EpochBatches(stage.Train, plan, epoch);
        stage.Network.train();
        foreach (var (index, batch) in batches.From(0))
        {
            var learningRate = sweep.RateAt(curve.Points.Count);
            var moment = plan.MomentOf(index, batches.Count, epoch, stage.Epochs) with
            {
                LearningRateFactor = learningRate / stage.Optimizer.LearningRate,
                RhoFactor = 1,
                Wishes = !plan.Team.IsAlone && plan.IsCancelled ? StepWishes.Stop : StepWishes.None,
            };
            var report = step.Run(batch, moment);
            curve.Add(learningRate, report.Skipped ? double.NaN : report.Loss);
            plan.ThrowIfCancelled();
            TrainingPlan.ThrowIfCancelled(report.Wishes.HasFlag(StepWishes.Stop));
            if (curve.IsOver)
                return;
        }
    }
}

/// <summary>The loss while the learning rate grows from step to step. Smith 2017, arXiv:1506.01186, section 3.3; the suggestions are computed as in fastai.</summary>
public sealed class LearningRateCurve
{
    const int LeftOutAtTheEnd = 5;

    readonly LearningRateSweep _sweep;
    readonly List<LearningRatePoint> _points = [];
    double _sum;

    internal LearningRateCurve(LearningRateSweep sweep) => _sweep = sweep;

    /// <summary>The steps in order, up to the one that ended the sweep.</summary>
    public IReadOnlyList<LearningRatePoint> Points => _points;

    /// <summary>
    /// The learning rate at which the smoothed loss falls most steeply; null if it never falls. The first tenth of the steps and the last five
    /// points are not considered, here and in <see cref="Valley"/>.
    /// </summary>
    public double? Suggestion => Middle.Zip(Middle.Skip(1))
        .Where(step => step.Second.SmoothedLoss < step.First.SmoothedLoss)
        .OrderBy(step => step.Second.SmoothedLoss - step.First.SmoothedLoss)
        .Select(step => (double?)step.First.LearningRate)
        .FirstOrDefault();

    /// <summary>The learning rate in the middle of the longest fall of the smoothed loss, which small rises may interrupt; null if it never falls. Usually smaller.</summary>
    public double? Valley => LongestFall.In([.. Middle.Select(point => point.SmoothedLoss)]) is var (first, last) ? Middle.ElementAt((first + last) / 2).LearningRate : null;

    internal bool IsOver { get; private set; }

    IEnumerable<LearningRatePoint> Middle => _points.Skip(_sweep.Steps / 10).SkipLast(LeftOutAtTheEnd);

    /// <summary>The suggestions, and the number of steps, in the invariant culture.</summary>
    public override string ToString()
    {
        var found = Suggestion is null ? "The loss never falls" : Invariant($"Learning rate {Suggestion:0.0e0}, where the loss falls most steeply, or {Valley:0.0e0}, in the middle of its fall");
        return _points.Count == 0 ? $"{found}: it is not finite." : found + Invariant($"; {_points.Count} steps from {_points[0].LearningRate:0.0e0} to {_points[^1].LearningRate:0.0e0}.");
    }

    /// <summary>Writes <see cref="WriteCsv(TextWriter)"/> to a file, which appears, or is replaced, when it is complete.</summary>
    public void WriteCsv(string path) => WholeFile.Write(path, WriteCsv);

    /// <summary>Writes a line "learning_rate,loss,smoothed_loss", and then a line for each point, in the invariant culture with all digits.</summary>
    public void WriteCsv(TextWriter writer)
    {
        writer.Write("learning_rate,loss,smoothed_loss\n");
        foreach (var (learningRate, loss, smoothed) in _points)
            writer.Write(Invariant($"{learningRate:R},{loss:R},{smoothed:R}\n"));
    }

    /// <summary>Takes in a step; one whose loss is not finite ends the sweep and is no point.</summary>
    internal void Add(double learningRate, double loss)
    {
        IsOver = !double.IsFinite(loss);
        if (IsOver)
            return;
        _sum = _sweep.Smoothing * _sum + (1 - _sweep.Smoothing) * loss;
        var smoothed = _sum / (1 - Math.Pow(_sweep.Smoothing, _points.Count + 1));
        _points.Add(new LearningRatePoint(learningRate, loss, smoothed));
        IsOver = _points.Count == _sweep.Steps || smoothed > _sweep.StopFactor * _points.Min(point => point.SmoothedLoss);
    }
}

/// <summary>One step of a <see cref="LearningRateSweep"/>.</summary>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="Loss">The mean loss of the batch, before the step.</param>
/// <param name="SmoothedLoss">The mean of this loss and those before, each of which counts <see cref="LearningRateSweep.Smoothing"/> times as much as the one after it.</param>
public sealed record LearningRatePoint(double LearningRate, double Loss, double SmoothedLoss);

/// <summary>The learning rates of a sweep, one for each step, which grow by a constant factor. The defaults are those of fastai.</summary>
/// <param name="From">The first; 1e-7 by default.</param>
/// <param name="To">The last; 10 by default.</param>
/// <param name="Steps">How many, 2 or more; 100 by default.</param>
/// <param name="Smoothing">The share of the smoothed loss that is kept in a step, 0 or more and less than 1; 0.98 by default.</param>
/// <param name="StopFactor">The sweep ends when the smoothed loss is this many times its smallest value; 4 by default.</param>
public sealed record LearningRateSweep(double From = 1e-7, double To = 10, int Steps = 100, double Smoothing = 0.98, double StopFactor = 4)
{
    /// <summary>The first learning rate.</summary>
    public double From { get; init => field = Require.Positive(value); } = Require.Positive(From);

    /// <summary>The last learning rate.</summary>
    public double To { get; init => field = Require.Positive(value); } = Require.Positive(To);

    /// <summary>How many learning rates.</summary>
    public int Steps { get; init => field = Require.AtLeast(2, value); } = Require.AtLeast(2, Steps);

    /// <summary>The share of the smoothed loss that is kept in a step.</summary>
    public double Smoothing { get; init => field = Require.BelowOne(value); } = Require.BelowOne(Smoothing);

    /// <summary>The sweep ends when the smoothed loss is this many times its smallest value.</summary>
    public double StopFactor { get; init => field = Require.Positive(value); } = Require.Positive(StopFactor);

    /// <summary>The learning rate of a step, counted from 0.</summary>
    internal double RateAt(int step) => From * Math.Pow(To / From, (double)step / (Steps - 1));

    /// <exception cref="ArgumentOutOfRangeException">The last learning rate is not the largest.</exception>
    internal LearningRateSweep Checked()
    {
        Require.That(To > From, To, Invariant($"more than {nameof(From)}, which is {From}"));
        return this;
    }
}

/// <summary>The longest choice of values in their order of which each is smaller than the one before.</summary>
internal static class LongestFall
{
    /// <summary>The indices of its first and its last value; null where no value is smaller than one before it.</summary>
    public static (int First, int Last)? In(IReadOnlyList<double> values)
    {
        var ending = new (int Length, int First)[values.Count];
        for (var i = 0; i < values.Count; i++)
        {
            ending[i] = (1, i);
            for (var j = 0; j < i; j++)
                if (values[i] < values[j] && ending[j].Length + 1 >= ending[i].Length)
                    ending[i] = (ending[j].Length + 1, ending[j].First);
        }
        var last = Enumerable.Range(0, values.Count).OrderByDescending(i => ending[i].Length).Append(0).First();
        return values.Count > 0 && ending[last].Length > 1 ? (ending[last].First, last) : null;
    }
}
