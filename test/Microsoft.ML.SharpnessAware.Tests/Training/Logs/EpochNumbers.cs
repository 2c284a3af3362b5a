namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Epochs of numbers that tell each other apart.</summary>
static class EpochNumbers
{
    public static EpochMetrics Of(int epoch, double? validationLoss = 0.5, double loss = 0.1) => new()
    {
        Epoch = epoch,
        Epochs = 9,
        Loss = loss,
        PerturbedLoss = 0.25,
        TrainAccuracy = 1.0 / 3,
        GradientNorm = 1e-20,
        EpsilonNorm = 0.05,
        Cosine = -0.5,
        Passes = 2,
        ValidationLoss = validationLoss,
        ValidationAccuracy = validationLoss is null ? null : 0.75,
        ValidationMacroAccuracy = validationLoss is null ? null : 0.625,
        LearningRate = 0.125,
        SkippedSteps = 3,
        IsBest = true,
        ExamplesPerSecond = 1234.5,
        Elapsed = TimeSpan.FromMilliseconds(61_500),
        Remaining = TimeSpan.FromSeconds(9),
    };
}
