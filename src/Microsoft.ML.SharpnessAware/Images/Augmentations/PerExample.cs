namespace Microsoft.ML.SharpnessAware;

/// <summary>Random numbers, one for each image of a batch [N, C, H, W].</summary>
internal static class PerExample
{
    /// <summary>Between two numbers, [N, 1, 1, 1].</summary>
    public static Tensor Uniform(long count, double from, double to, Generator random) => rand([count, 1, 1, 1], generator: random) * (to - from) + from;

    /// <summary>Which examples have it, [N, 1, 1, 1] of bool.</summary>
    public static Tensor WithProbability(long count, double probability, Generator random) => rand([count, 1, 1, 1], generator: random).lt(probability);
}
