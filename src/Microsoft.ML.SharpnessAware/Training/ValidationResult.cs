namespace Microsoft.ML.SharpnessAware;

/// <summary>What a network's answers for the validation rows come to.</summary>
/// <param name="Loss">Mean cross-entropy over all rows.</param>
/// <param name="Accuracy">Share of all rows classified rightly.</param>
/// <param name="MacroAccuracy">Mean of the classes' own shares, over the classes that occur.</param>
internal sealed record ValidationResult(double Loss, double Accuracy, double MacroAccuracy);
