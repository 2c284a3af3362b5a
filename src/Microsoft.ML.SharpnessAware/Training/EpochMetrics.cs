using System.Globalization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What one epoch came to. Given to the metrics callback, which may end the run with <see cref="Stop"/>.</summary>
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

    /// <summary>Share of training rows classified rightly, before each step, from 0 to 1.</summary>
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

    /// <summary>Share of all validation rows classified rightly, from 0 to 1; null without validation data.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Mean, over the classes that occur among the validation rows, of the share of their rows classified rightly; null without validation data.</summary>
    public double? ValidationMacroAccuracy { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Steps left out because a loss, gradient or direction was not finite.</summary>
    public required int SkippedSteps { get; init; }

    /// <summary>True if this is the best epoch so far by the early-stopping metric, or if there is no validation data.</summary>
    public required bool IsBest { get; init; }

    /// <summary>Training rows a second, since the whole network, or its last layer alone, began to be trained.</summary>
    public required double ExamplesPerSecond { get; init; }

    /// <summary>Time since the start of the run.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Time to the end of the last epoch, or, while the network is frozen, of the last in which it is; if it goes on as it did.</summary>
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
        return line + Invariant($", {ExamplesPerSecond:0} examples/s, {Remaining:hh\\:mm\\:ss} left") + (RemainingTo < Epochs ? Invariant($" to the end of epoch {RemainingTo}") : "");
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
