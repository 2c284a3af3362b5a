namespace Microsoft.ML.SharpnessAware;

/// <summary>The training loop: epochs, steps, validation, stopping. The network ends up with the best epoch's weights, in eval mode.</summary>
internal sealed class Trainer(nn.Module<Tensor, Tensor> network, TrainingPlan plan)
{
    public TrainingSummary Run(IExamples train, IExamples? validation)
    {
        using var random = Seeds.BorrowGlobalGenerator();
        network.to(plan.Device);
        using var step = new SamTrainStep(network, plan.Sharpness, plan.Optimizer, freshMasks: plan.FreshMasks) { ClipNorm = plan.ClipNorm };
        using var best = new BestWeights(network);
        var watch = new EarlyStoppingWatch(plan.EarlyStopping);
        var clock = new TrainingClock(plan.Time, plan.Epochs, train.Count);
        EpochMetrics? last = null;

        for (var epoch = 1; epoch <= plan.Epochs; epoch++)
        {
            var trained = TrainEpoch(epoch, train, step, clock);
            var validated = validation is null ? null : Validation.Of(network, validation, plan);
            var isBest = validated is null || watch.IsBest(validated);
            if (isBest)
                best.Keep(epoch);

            last = Metrics(epoch, trained, validated, isBest, clock);
            plan.Log(last.ToString());
            plan.MetricsCallback?.Invoke(last);
            if (last.StopRequested || watch.ShouldStop)
                break;
        }

        best.Restore();
        network.eval();
        return new TrainingSummary(last!, best.Epoch);
    }

    EpochMeter TrainEpoch(int epoch, IExamples train, SamTrainStep step, TrainingClock clock)
    {
        network.train();
        var meter = new EpochMeter();
        var batches = train.Batches(plan.BatchSize, plan.Seeds.For("shuffle", epoch)).ToArray();
        foreach (var (index, loaded) in Prefetch.Each(batches, (i, rows) => train.Load(rows, plan.Seeds.For("augment", epoch, i))))
        {
            plan.CancellationToken.ThrowIfCancellationRequested();
            plan.CheckAlive();
            using var batch = loaded.To(plan.Device);
            Step(batch, epoch, index, batches.Length, step, meter);
            clock.Advance(batches[index].Length);
            plan.Progress?.Report(new TrainingProgress(epoch, plan.Epochs, index + 1, batches.Length, meter.Loss, meter.PerturbedLoss, meter.Accuracy, clock.ExamplesPerSecond, clock.Remaining));
        }
        return meter;
    }

    void Step(Batch batch, int epoch, int index, int batches, SamTrainStep step, EpochMeter meter)
    {
        long? hits = null;
        var learningRate = plan.Optimizer.LearningRate * plan.Schedule.FactorAt(epoch - 1 + (double)index / batches, plan.Epochs);
        var report = step.Run(Loss, learningRate, plan.Seeds.For("step", epoch, index));
        meter.Add(report, batch.Count, hits ?? 0, learningRate);

        Tensor Loss()
        {
            var logits = network.call(batch.Inputs);
            hits ??= Validation.Hits(logits, batch.Labels);
            return nn.functional.cross_entropy(logits, batch.Labels, label_smoothing: plan.LabelSmoothing);
        }
    }

    EpochMetrics Metrics(int epoch, EpochMeter trained, ValidationResult? validated, bool isBest, TrainingClock clock) => new()
    {
        Epoch = epoch,
        Epochs = plan.Epochs,
        Loss = trained.Loss,
        PerturbedLoss = trained.PerturbedLoss,
        TrainAccuracy = trained.Accuracy,
        ValidationLoss = validated?.Loss,
        ValidationAccuracy = validated?.Accuracy,
        LearningRate = trained.LearningRate,
        SkippedSteps = trained.SkippedSteps,
        IsBest = isBest,
        ExamplesPerSecond = clock.ExamplesPerSecond,
        Elapsed = clock.Elapsed,
        Remaining = clock.Remaining,
    };
}
