namespace Microsoft.ML.SharpnessAware;

/// <summary>What is chosen for texts where options are left open.</summary>
internal static class TextRecipes
{
    public static Recipe For(TextNetwork network, int rows) => new()
    {
        Optimizer = new AdamW(),
        Schedule = new WarmupSchedule(0.5, new LinearSchedule()),
        BatchSize = 32,
        Epoch = 10,
    };
}
