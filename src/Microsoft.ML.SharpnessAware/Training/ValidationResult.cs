namespace Microsoft.ML.SharpnessAware;

/// <summary>Mean cross-entropy and share of right answers over all validation rows.</summary>
internal sealed record ValidationResult(double Loss, double Accuracy);
