namespace Microsoft.ML.SharpnessAware;

/// <summary>The results of one epoch. Passed to the metrics callback, which can end the run with <see cref="Stop"/>.</summary>
public sealed class EpochMetrics
{
    internal EpochMetrics() { }

    /// <summary>The epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs of the whole run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Mean training loss at the weights w, before each step. NaN if every step was skipped.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean training loss at the perturbed weights w + ε.</summary>
    public required double PerturbedLoss { get; init; }

    /// <summary>Share of training rows classified correctly, before each step, from 0 to 1.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>Mean norm of the gradient in a step's first pass.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Mean length of the perturbation, ‖ε‖.</summary>
    public required double EpsilonNorm { get; init; }

    /// <summary>Mean cosine between the gradient in a step's first pass and the direction that the rule returned; 1 where they are the same.</summary>
    public required double Cosine { get; init; }

    /// <summary>Forward and backward passes a step, on average.</summary>
    public required double Passes { get; init; }

    /// <summary>Mean cross-entropy of the validation rows; null without validation data.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Share of all validation rows classified correctly, from 0 to 1; null without validation data.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Mean, over the classes that occur among the validation rows, of the share of their rows classified correctly; null without validation data.</summary>
    public double? ValidationMacroAccuracy { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Steps skipped because a loss, gradient or direction was not finite.</summary>
    public required int SkippedSteps { get; init; }

    /// <summary>True if this is the best epoch so far by the early-stopping metric; without validation data, if it had a step that was not skipped.</summary>
    public required bool IsBest { get; init; }

    /// <summary>Training rows per second, since training of the whole network, or of its last layer alone, began.</summary>
    public required double ExamplesPerSecond { get; init; }

    /// <summary>Time since the start of the run.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Time to the end of the last epoch, or, while the network is frozen, of the last frozen epoch; at the speed so far.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>The epoch that <see cref="Remaining"/> is to the end of.</summary>
    internal int? RemainingTo { get; init; }

    internal bool StopRequested { get; private set; }

    /// <summary>Ends the run after this epoch. The best epoch's weights are kept.</summary>
    public void Stop() => StopRequested = true;

    /// <summary>The epoch as one line, in the invariant culture.</summary>
    public override string ToString()
    {
        var line = Invariant($"Epoch {Epoch}/{Epochs}: loss {Loss:0.0000}, {PerturbedLoss:0.0000} at w+ε, training accuracy {TrainAccuracy:0.0000}");
        if (ValidationAccuracy is not null)
            line += Invariant($", validation loss {ValidationLoss:0.0000}, accuracy {ValidationAccuracy:0.0000}, macro accuracy {ValidationMacroAccuracy:0.0000}{(IsBest ? " (best)" : "")}");
        if (SkippedSteps > 0)
            line += Invariant($", {SkippedSteps} steps skipped");
        return line + $", {SpeedText.Of(ExamplesPerSecond)}, {SpeedText.Of(Remaining, RemainingTo, Epochs)}";
    }
}

/// <summary>What a <see cref="TrainingClock"/> shows.</summary>
/// <param name="Elapsed">Time since the start of the run.</param>
/// <param name="Trained">The part of it in which the stage trained.</param>
/// <param name="Rows">The training rows that the stage did in it.</param>
internal readonly record struct ClockState(TimeSpan Elapsed, TimeSpan Trained, long Rows);

/// <summary>Adds up the steps of one epoch.</summary>
internal sealed class EpochMeter(EpochSums start = default)
{
    public EpochSums Sums { get; private set; } = start;

    /// <summary>Mean loss at w over the rows of the steps that were taken.</summary>
    public double Loss => Sums.Loss / Sums.Rows;

    /// <summary>Mean loss at w + ε.</summary>
    public double PerturbedLoss => Sums.PerturbedLoss / Sums.Rows;

    /// <summary>Share of rows classified correctly in the first pass of their step.</summary>
    public double Accuracy => (double)Sums.Hits / Sums.Rows;

    /// <summary>Mean ‖g‖ of the steps' first gradients.</summary>
    public double GradientNorm => Sums.GradientNorm / Sums.Rows;

    /// <summary>Mean ‖ε‖.</summary>
    public double EpsilonNorm => Sums.EpsilonNorm / Sums.Rows;

    /// <summary>Mean cosine between a step's first gradient and its direction.</summary>
    public double Cosine => Sums.Cosine / Sums.Rows;

    /// <summary>Forward and backward passes for each row.</summary>
    public double Passes => Sums.Passes / Sums.Rows;

    public void Add(StepReport step, int rows, long hits, double learningRate)
    {
        Sums = Sums with { LearningRate = learningRate };
        Sums = step.Skipped ? Sums with { SkippedSteps = Sums.SkippedSteps + 1 } : Sums with
        {
            Loss = Sums.Loss + step.Loss * rows,
            PerturbedLoss = Sums.PerturbedLoss + step.PerturbedLoss * rows,
            GradientNorm = Sums.GradientNorm + step.GradientNorm * rows,
            EpsilonNorm = Sums.EpsilonNorm + step.EpsilonNorm * rows,
            Cosine = Sums.Cosine + step.Cosine * rows,
            Passes = Sums.Passes + step.Passes * (double)rows,
            Hits = Sums.Hits + hits,
            Rows = Sums.Rows + rows,
        };
    }
}

/// <summary>What the steps of an epoch have added up to, each mean times the rows that it is of.</summary>
internal readonly record struct EpochSums
{
    public double Loss { get; init; }

    public double PerturbedLoss { get; init; }

    public double GradientNorm { get; init; }

    public double EpsilonNorm { get; init; }

    public double Cosine { get; init; }

    public double Passes { get; init; }

    public long Hits { get; init; }

    public long Rows { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; init; }

    public int SkippedSteps { get; init; }
}

/// <summary>How fast a stage of a run goes.</summary>
/// <param name="time">Where the time comes from.</param>
/// <param name="before">What the clock showed when the run was stopped, or when the stage before ended.</param>
internal sealed class TrainingClock(TimeProvider time, ClockState before = default)
{
    readonly long _start = time.GetTimestamp();
    long? _trainingStart;

    public ClockState State => new(before.Elapsed + time.GetElapsedTime(_start), Trained, Rows);

    /// <summary>Training rows done in the stage, those of skipped steps too.</summary>
    public long Rows { get; private set; } = before.Rows;

    /// <summary>Training rows a second, validation time included, but not that of computing features.</summary>
    public double ExamplesPerSecond => Rows / Math.Max(Trained.TotalSeconds, 1e-9);

    TimeSpan Trained => before.Trained + (_trainingStart is { } start ? time.GetElapsedTime(start) : TimeSpan.Zero);

    /// <summary>The stage has its rows, and trains from now on.</summary>
    public void Begin() => _trainingStart ??= time.GetTimestamp();

    public void Advance(int rows) => Rows += rows;

    /// <summary>Time until the stage has done so many rows, at the speed so far.</summary>
    public TimeSpan TimeTo(long rows)
    {
        var more = Rows == 0 ? 0 : (double)rows / Rows - 1;
        return Trained.Ticks * more < TimeSpan.MaxValue.Ticks ? Trained * more : TimeSpan.MaxValue;
    }
}

/// <summary>The progress of a run, reported after every step.</summary>
/// <param name="Epoch">The running epoch, counted from 1.</param>
/// <param name="Epochs">Epochs of the whole run.</param>
/// <param name="Batch">Batches of the epoch done so far.</param>
/// <param name="Batches">Batches of the epoch.</param>
/// <param name="Loss">Mean loss at the weights w, over the epoch so far.</param>
/// <param name="PerturbedLoss">Mean loss at the perturbed weights w + ε, over the epoch so far.</param>
/// <param name="Accuracy">Share of training rows classified correctly, over the epoch so far.</param>
/// <param name="ExamplesPerSecond">Training rows per second, since training of the whole network, or of its last layer alone, began.</param>
/// <param name="Remaining">Time to the end of the last epoch, or, while the network is frozen, of the last frozen epoch; at the speed so far.</param>
/// <param name="Step">The numbers of the step just taken.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, int Batch, int Batches, double Loss, double PerturbedLoss, double Accuracy, double ExamplesPerSecond, TimeSpan Remaining, StepReport Step);
