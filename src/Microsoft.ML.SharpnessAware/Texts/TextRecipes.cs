namespace Microsoft.ML.SharpnessAware;

/// <summary>What is chosen for texts where options are left open. How the numbers came about is in docs/fine-tuning.md.</summary>
internal static class TextRecipes
{
    // Rows that fine-tuning sees, at the least in so many passes and at the most in so many: with few rows, few passes are too few steps.
    const int RowsToSee = 3000, FewestPasses = 3, MostPasses = 20;

    // Numbers for each token up to which an encoder stands the larger learning rate.
    const int SmallWidth = 512;

    public static Recipe For(TextNetwork network, int rows, int? epochs) => ((ITrainableNetwork)network).StartsTrained ? FineTuning(network, rows, epochs) : FromScratch;

    /// <summary>A learning rate of 0.001 that rises for half an epoch: those of a small network with fresh weights.</summary>
    static Recipe FromScratch { get; } = new()
    {
        Optimizer = new AdamW(),
        Schedule = new WarmupSchedule(0.5, new LinearSchedule()),
        BatchSize = 32,
        Epoch = 10,
    };

    static Recipe FineTuning(TextNetwork network, int rows, int? epochs)
    {
        var passes = epochs ?? Math.Clamp(RowsToSee / rows, FewestPasses, MostPasses);
        return new Recipe
        {
            Optimizer = new AdamW(LearningRate: network is BertEncoder { HiddenSize: > SmallWidth } ? 3e-5 : 1e-4),
            Schedule = new WarmupSchedule(passes / 10.0, new LinearSchedule()),
            BatchSize = 16,
            Epoch = passes,
        };
    }
}
