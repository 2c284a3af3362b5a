namespace Microsoft.ML.SharpnessAware;

/// <summary>The training loop: epochs, steps, validation, stopping. The network ends up with the best epoch's weights, in eval mode.</summary>
internal sealed class Trainer(nn.Module<Tensor, Tensor> network, TrainingPlan plan, Checkpoints? checkpoints = null)
{
    public TrainingSummary Run(IExamples train, IExamples? validation)
    {
        using var random = Seeds.BorrowGlobalGenerator();
        network.to(plan.Device);
        using var run = new TrainingRun(network, plan, train);
        checkpoints?.Restore(run);
        if (!run.IsOver)
            plan.Logs?.Begin(run.Epoch - 1);
        try
        {
            while (!run.IsOver)
            {
                TrainEpoch(run, train);
                EndEpoch(run, train, validation);
            }
        }
        catch (OperationCanceledException)
        {
            checkpoints?.Break(run);
            if (plan.OnCancel == CancelBehavior.Throw)
                throw;
            return run.Break(validates: validation is not null);
        }
        var summary = run.Finish();
        checkpoints?.Finish(run);
        return summary;
    }

    void TrainEpoch(TrainingRun run, IExamples train)
    {
        network.train();
        plan.ThrowIfCancelled();
        var batches = new EpochBatches(train, plan, run.Epoch);
        foreach (var (index, batch) in batches.From(run.Batch))
        {
            run.Step(batch, Moment(run.Epoch, index, batches.Count), endsEpoch: index == batches.Count - 1);
            plan.Progress?.Report(run.Progress(batches.Count));
            checkpoints?.AfterStep(run);
            plan.ThrowIfCancelled();
        }
    }

    void EndEpoch(TrainingRun run, IExamples train, IExamples? validation)
    {
        var metrics = Evaluate(run, train, validation);
        plan.Log(metrics.ToString());
        plan.Logs?.Write(metrics);
        plan.MetricsCallback?.Invoke(metrics);
        checkpoints?.AfterEpoch(run);
    }

    // With the average, if there is one; the run goes on with its own weights.
    EpochMetrics Evaluate(TrainingRun run, IExamples train, IExamples? validation)
    {
        using var average = run.LendAverage();
        if (average is not null && plan.WeightAverage!.RecomputesStatistics)
            BatchNormStatistics.Recompute(network, train, plan);
        return run.EndEpoch(validation is null ? null : Validation.Of(network, validation, plan));
    }

    StepMoment Moment(int epoch, int index, int batches)
    {
        var done = epoch - 1 + (double)index / batches;
        return new StepMoment
        {
            Seed = plan.Seeds.For("step", epoch, index),
            Epoch = done,
            Epochs = plan.Epochs,
            LearningRateFactor = plan.LearningRateFactorAt(done),
            RhoFactor = plan.RhoSchedule.FactorAt(done, plan.Epochs),
        };
    }
}
