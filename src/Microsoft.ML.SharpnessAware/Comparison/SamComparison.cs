using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Trains one pipeline with several methods, radii and seeds on the same rows, and tests each model on the same others.</summary>
/// <param name="context">ML.NET's context.</param>
/// <param name="pipeline">The pipeline of a trial, as a rule with <see cref="SamTrial.ApplyTo"/>: <c>trial => ….Append(context.MulticlassClassification.Trainers.SamImage(trial.ApplyTo(options)))</c>.</param>
/// <param name="train">The rows to train on.</param>
/// <param name="test">The rows to test on.</param>
public sealed class SamComparison(MLContext context, Func<SamTrial, IEstimator<ITransformer>> pipeline, IDataView train, IDataView test)
{
    const int TimedEpochs = 2;

    readonly MLContext _context = Require.NotNull(context);
    readonly Func<SamTrial, IEstimator<ITransformer>> _pipeline = Require.NotNull(pipeline);
    readonly IDataView _train = Require.NotNull(train);
    readonly IDataView _test = Require.NotNull(test);

    /// <summary>The label column. "Label" by default.</summary>
    public string LabelColumnName { get; init; } = DefaultColumnNames.Label;

    /// <summary>The column of probabilities. "Score" by default.</summary>
    public string ScoreColumnName { get; init; } = DefaultColumnNames.Score;

    /// <summary>A file of JSON lines, to which each result is appended when its run is done, and from which runs that are done are taken; null, the default, for none.</summary>
    public string? ResultFile { get; init; }

    /// <summary>What the results are of: data, network and all options that trials share, in any words. Results in the file that are of something else are refused. Empty by default.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Told of each result, also of those that were in the file; not of the runs that time an epoch.</summary>
    public IProgress<SamTrialResult>? Progress { get; init; }

    /// <summary>Ends the comparison before its next run. Give it to the trainer's options, too, to end the current one.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Runs the trials one after another, and gives their results in the same order.</summary>
    /// <exception cref="InvalidOperationException">The file holds results of something else, or a run failed.</exception>
    /// <exception cref="OperationCanceledException">The comparison was cancelled; what was done is in the file.</exception>
    public IReadOnlyList<SamTrialResult> Run(IEnumerable<SamTrial> trials)
    {
        Require.NotNull(trials);
        var file = new TrialFile(ResultFile, Subject);
        return [.. trials.Select(trial => Reported(Result(trial, file)))];

        SamTrialResult Reported(SamTrialResult result)
        {
            Progress?.Report(result);
            return result;
        }
    }

    /// <summary>The trials with as many epochs as each can train in the same time; the runs that time an epoch of each method are in the file, too.</summary>
    /// <remarks>Where <see cref="SamTrainerOptions.FreezeBackboneEpochs"/> is neither 0 nor <see cref="int.MaxValue"/>, the epochs that are timed train the whole network: those of the last layer are faster.</remarks>
    /// <param name="time">The time for the epochs of a run; reading the rows is not counted.</param>
    /// <param name="trials">The trials.</param>
    /// <returns>The trials with their numbers of epochs, 1 or more.</returns>
    /// <inheritdoc cref="Run" path="/exception"/>
    public IReadOnlyList<SamTrial> WithEqualTime(TimeSpan time, IReadOnlyCollection<SamTrial> trials)
    {
        Require.That(time > TimeSpan.Zero, time, "more than 0");
        Require.NotNull(trials);
        var timed = trials.DistinctBy(trial => (trial.Variant, trial.Rho)).Select(trial => trial with { Epoch = TimedEpochs, TimesAnEpoch = true }).ToArray();
        var file = new TrialFile(ResultFile, Subject);
        var seconds = timed.Select(trial => Result(trial, file)).ToDictionary(result => (result.Trial.Variant, result.Trial.Rho), result => result.SecondsPerEpoch);
        return [.. trials.Select(trial => trial with { Epoch = (int)Math.Clamp(time.TotalSeconds / seconds[(trial.Variant, trial.Rho)], 1, int.MaxValue) })];
    }

    SamTrialResult Result(SamTrial trial, TrialFile file)
    {
        CancellationToken.ThrowIfCancellationRequested();
        var result = file.Find(trial);
        if (result is null)
            file.Add(result = Train(trial));
        return result;
    }

    SamTrialResult Train(SamTrial trial)
    {
        var epochs = new List<EpochMetrics>();
        var start = TimeProvider.System.GetTimestamp();
        var model = _pipeline(trial with { Watch = epochs.Add }).Fit(_train);
        using var owned = model as IDisposable;
        var time = TimeProvider.System.GetElapsedTime(start);
        CancellationToken.ThrowIfCancellationRequested();
        if (epochs.Count == 0)
            throw new InvalidOperationException($"The pipeline trained nothing with {trial}: give the trainer the options that {nameof(SamTrial)}.{nameof(SamTrial.ApplyTo)} returns.");
        var metrics = _context.MulticlassClassification.Evaluate(model.Transform(_test), LabelColumnName, ScoreColumnName);
        return new SamTrialResult(trial with { Watch = null }, metrics.MicroAccuracy, metrics.MacroAccuracy, metrics.LogLoss, epochs.Count, epochs.Average(epoch => epoch.Passes), SecondsPerEpoch(epochs), time.TotalSeconds);
    }

    // The first epoch warms up what the others find warm.
    static double SecondsPerEpoch(List<EpochMetrics> epochs) =>
        epochs.Count == 1 ? epochs[0].Elapsed.TotalSeconds : (epochs[^1].Elapsed - epochs[0].Elapsed).TotalSeconds / (epochs.Count - 1);
}
