namespace Microsoft.ML.SharpnessAware;

/// <summary>What one step found.</summary>
/// <param name="Loss">The batch's mean loss at w.</param>
/// <param name="PerturbedLoss">The loss at the last point that the rule asked for; the same as <paramref name="Loss"/> in a step of one pass.</param>
/// <param name="DirectionNorm">‖direction‖ before clipping.</param>
/// <param name="Passes">Forward and backward passes used.</param>
/// <param name="Skipped">True if something was not finite, so that the step changed nothing.</param>
internal readonly record struct StepReport(double Loss, double PerturbedLoss, double DirectionNorm, int Passes, bool Skipped);
