using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>A trained model with all that is known of how it came about.</summary>
sealed record ModelRun
{
    public required ClassificationTask Task { get; init; }

    public required RunSettings Settings { get; init; }

    /// <summary>The trainer's options, as they were given to it.</summary>
    public required SamTrainerOptions Options { get; init; }

    public required DataSplit Data { get; init; }

    /// <summary>From the columns of the data to a label as text.</summary>
    public required ITransformer Model { get; init; }

    /// <summary>The epochs that ended.</summary>
    public required IReadOnlyList<EpochMetrics> Epochs { get; init; }

    /// <summary>What the model makes of the rows to test on.</summary>
    public required MulticlassClassificationMetrics Metrics { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>The time that it took to read the data and train.</summary>
    public required TimeSpan TrainingTime { get; init; }

    /// <summary>Whether Ctrl+C or the time limit stopped it; the model is then the best so far.</summary>
    public required bool Stopped { get; init; }
}

/// <summary>Trains, and tests the model.</summary>
sealed class Training(ClassificationTask task, RunSettings settings, RunDisplay display, RunLog log, TimeProvider time, CancellationToken cancellation)
{
    /// <exception cref="OperationCanceledException">The run was stopped before there was a model.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be learned from, or the time was up before there was a model.</exception>
    public ModelRun Run()
    {
        var (started, start) = (time.GetLocalNow(), time.GetTimestamp());
        using var limit = new CancellationTokenSource(settings.Time ?? Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var context = Devices.Context(settings.Device, settings.Seed);
        log.ListenTo(context);

        log.Say($"Reading {task.Dataset}");
        var data = task.Load(context, settings.Seed, log.Warn);
        log.Say(data.Describe(task.Rows));

        var epochs = new List<EpochMetrics>();
        var options = task.NewOptions(data, settings.Device);
        settings.ApplyTo(options);
        var observed = Observed(options, epochs, stop.Token);
        var model = display.During(() => Fit(task.Pipeline(context, observed), data.Train));
        var stopped = stop.IsCancellationRequested;
        log.Say(!stopped ? Invariant($"Trained {epochs.Count} epochs. The model is that of epoch {epochs.Last(epoch => epoch.IsBest).Epoch}.")
            : cancellation.IsCancellationRequested ? "Stopped. The model is the best so far."
            : TimeIsUp(epochs));
        return new ModelRun
        {
            Task = task,
            Settings = settings,
            Options = options,
            Data = data,
            Model = model,
            Epochs = epochs,
            TrainingTime = time.GetElapsedTime(start),
            Metrics = context.MulticlassClassification.Evaluate(model.Transform(data.Test), task.Label),
            Started = started,
            Stopped = stopped,
        };
    }

    ITransformer Fit(IEstimator<ITransformer> pipeline, IDataView rows)
    {
        try
        {
            return pipeline.Fit(rows);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException("The time was up before training began, because reading the rows takes some of it. Allow more with --minutes or --train-time, or give fewer rows.");
        }
    }

    SamTrainerOptions Observed(SamTrainerOptions options, List<EpochMetrics> epochs, CancellationToken stop) => (SamTrainerOptions)options.With(copy =>
    {
        var observed = (SamTrainerOptions)copy;
        observed.Progress = display;
        observed.CancellationToken = stop;
        observed.OnCancel = CancelBehavior.KeepBest;
        observed.MetricsCallback = epoch =>
        {
            epochs.Add(epoch);
            log.Epoch(epoch);
        };
    });

    // A schedule that was cut off leaves some accuracy unused.
    static string TimeIsUp(List<EpochMetrics> epochs) => epochs.Count == 0
        ? "The time is up before an epoch ended. The model is that of this moment: give more time, fewer rows or a smaller network."
        : Invariant($"The time is up after {epochs.Count} of {epochs[^1].Epochs} epochs. The model is the best so far. With --epochs {epochs.Count} the learning rate comes down in this time, which often pays.");
}
