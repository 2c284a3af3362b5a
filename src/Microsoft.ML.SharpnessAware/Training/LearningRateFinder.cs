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
        plan.ThrowIfCancelled();
        using var stage = new Stages(network, plan, train, validation: null).At(epoch: 1);
        using var step = stage.NewStep(plan.Optimizer);
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
            var report = step.Run(batch, Moment(epoch, index, batches.Count, learningRate));
            curve.Add(learningRate, report.Skipped ? double.NaN : report.Loss);
            plan.ThrowIfCancelled();
            if (curve.IsOver)
                return;
        }
    }

    StepMoment Moment(int epoch, int index, int batches, double learningRate) => new()
    {
        Seed = plan.Seeds.For("step", epoch, index),
        Epoch = epoch - 1 + (double)index / batches,
        Epochs = plan.Epochs,
        LearningRateFactor = learningRate / plan.Optimizer.LearningRate,
    };
}
