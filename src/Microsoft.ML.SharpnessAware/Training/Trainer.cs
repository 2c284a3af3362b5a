namespace Microsoft.ML.SharpnessAware;

/// <summary>The training loop: epochs, steps, validation, stopping. The network ends up with the best epoch's weights, in eval mode.</summary>
internal sealed class Trainer(nn.Module<Tensor, Tensor> network, TrainingPlan plan, Checkpoints? checkpoints = null)
{
    readonly ProgressLog _log = new(plan);

    public TrainingSummary Run(IExamples train, IExamples? validation)
    {
        using var random = Seeds.BorrowGlobalGenerator();
        network.to(plan.Device);
        plan.Team.MakeAlike(network);
        using var run = new TrainingRun(network, plan, train, validation);
        checkpoints?.Restore(run);
        if (!run.IsOver)
            plan.Logs?.Begin(run.Epoch - 1);
        try
        {
            while (!run.IsOver)
            {
                TrainEpoch(run);
                EndEpoch(run);
            }
        }
        catch (OperationCanceledException stop) when (plan.Team.IsAlone || CommonFault.Is(stop))
        {
            run.MakeAlike();
            checkpoints?.Break(run);
            if (plan.OnCancel == CancelBehavior.Throw)
                throw;
            return run.Break(validates: validation is not null);
        }
        var summary = run.Finish();
        checkpoints?.Finish(run);
        return summary;
    }

    void TrainEpoch(TrainingRun run)
    {
        plan.ThrowIfAnyIsCancelled();
        var batches = new EpochBatches(run.Rows(), plan, run.Epoch);
        run.Stage.Network.train();
        foreach (var (index, batch) in batches.From(run.Batch))
        {
            run.Step(batch, plan.MomentOf(index, batches.Count, run.Epoch, run.Stage.Epochs) with { Wishes = Wishes() }, endsEpoch: index == batches.Count - 1);
            var progress = run.Progress(batches.Count);
            _log.AfterStep(progress, run.Stage.Epochs.Last);
            plan.Progress?.Report(progress);
            checkpoints?.AfterStep(run);
            plan.ThrowIfCancelled();
            TrainingPlan.ThrowIfCancelled(run.Wishes.HasFlag(StepWishes.Stop));
        }
    }

    // What is not known to all workers before the step, but has to happen on all of them after it.
    StepWishes Wishes() => plan.Team.IsAlone ? StepWishes.None : (plan.IsCancelled ? StepWishes.Stop : 0) | (checkpoints?.IsDue == true ? StepWishes.Save : 0);

    void EndEpoch(TrainingRun run)
    {
        run.MakeAlike();
        var metrics = Evaluate(run, run.Stage);
        run.EnterStage();
        plan.Log(metrics.ToString());
        _log.AfterEpoch();
        plan.Logs?.Write(metrics);
        plan.MetricsCallback?.Invoke(metrics);
        if (plan.Team.Any(metrics.StopRequested))
            metrics.Stop();
        checkpoints?.AfterEpoch(run);
    }

    // With the average, if there is one; training continues with its own weights.
    EpochMetrics Evaluate(TrainingRun run, Stage stage)
    {
        using var average = run.LendAverage();
        if (average is not null && plan.WeightAverage!.RecomputesStatistics)
            BatchNormStatistics.Recompute(stage.Network, stage.Train, plan);
        return run.EndEpoch(stage.Validation is { } validation ? Validation.Of(stage.Network, validation, plan) : null);
    }
}
