namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Small batches of images [N, C, H, W], in the caller's scope.</summary>
static class ImageBatch
{
    /// <summary>One grey image.</summary>
    public static Tensor Grey(float[,] rows) => tensor([.. rows.Cast<float>()], [1, 1, rows.GetLength(0), rows.GetLength(1)]);

    /// <summary>One pixel for each color, as images of 1×1.</summary>
    public static Tensor Colors(params (float Red, float Green, float Blue)[] colors) =>
        tensor([.. colors.SelectMany(color => new[] { color.Red, color.Green, color.Blue })], [colors.Length, 3, 1, 1]);

    /// <summary>Values in 0 to 1.</summary>
    public static Tensor Random(long seed, params long[] shape)
    {
        using var random = new Generator((ulong)seed);
        return rand(shape, generator: random);
    }

    /// <summary>Values of bytes, in 0 to 1.</summary>
    public static Tensor RandomBytes(long seed, params long[] shape)
    {
        using var random = new Generator((ulong)seed);
        return randint(0, 256, shape, generator: random) / 255f;
    }

    /// <summary>An amount for each image.</summary>
    public static Tensor Amounts(params float[] amounts) => tensor(amounts, [amounts.Length, 1, 1, 1]);

    public static float[] Values(this Tensor images) => [.. images.contiguous().data<float>()];

    public static void AreNear(float[] expected, Tensor actual, double tolerance) =>
        Near.Equal(Array.ConvertAll(expected, value => (double)value), Array.ConvertAll(actual.Values(), value => (double)value), tolerance);
}
