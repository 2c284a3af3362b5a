namespace Microsoft.ML.SharpnessAware;

/// <summary>On an option that does not decide what a run computes, so that one may go on from a checkpoint with another.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class MayDifferOnResumeAttribute : Attribute;
