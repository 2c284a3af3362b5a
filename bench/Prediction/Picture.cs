using Microsoft.ML.Data;

namespace Prediction;

/// <summary>An image of waves.</summary>
sealed class Picture
{
    public float[] Features { get; set; } = [];

    [KeyType(2)]
    public uint Label { get; set; }

    public static Picture Of(int number, int size) => new()
    {
        Features = [.. Enumerable.Range(0, 3 * size * size).Select(x => MathF.Sin(x * (number % 7 + 1) + number))],
        Label = (uint)number % 2,
    };
}

/// <summary>What a model says of one.</summary>
sealed class Scores
{
    public float[] Score { get; set; } = [];
}
