namespace Microsoft.ML.SharpnessAware;

/// <summary>The numbers of one step. With micro-batches, losses, norms and the cosine are the micro-batches' means, weighted by their size.</summary>
public readonly record struct StepReport
{
    /// <summary>The mean loss in the first pass: at w, except for rules whose first pass is elsewhere.</summary>
    public required double Loss { get; init; }

    /// <summary>The mean loss at the last point at which the rule took a gradient; the same as <see cref="Loss"/> in a step of one pass.</summary>
    public required double PerturbedLoss { get; init; }

    /// <summary>‖g‖ of the first gradient.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>‖ε‖, the distance from w of the last perturbed point at which the rule took a gradient; 0 if there was none.</summary>
    public required double EpsilonNorm { get; init; }

    /// <summary>The cosine between the first gradient and the direction; 0 where one of them is 0.</summary>
    public required double Cosine { get; init; }

    /// <summary>‖direction‖ before clipping.</summary>
    public required double DirectionNorm { get; init; }

    /// <summary>Forward and backward passes over the batch.</summary>
    public required int Passes { get; init; }

    /// <summary>Forward passes over the batch without a backward pass.</summary>
    public required int ForwardPasses { get; init; }

    /// <summary>True if a number was not finite, so that the step was skipped.</summary>
    public required bool Skipped { get; init; }

    /// <summary>How many examples of the batch were classified correctly in the first pass that each took part in.</summary>
    internal long Hits { get; init; }

    /// <summary>What the workers wish for after the step.</summary>
    internal StepWishes Wishes { get; init; }
}
