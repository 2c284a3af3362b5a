namespace Microsoft.ML.SharpnessAware;

/// <summary>What a vision transformer has learned about the places of patches, brought to another number of patches as timm does: bicubic (Keys 1981, a = -0.5), and a weighted mean where patches become fewer.</summary>
internal static class PositionGrid
{
    const double A = -0.5;

    /// <summary>How many patches lie side by side in a square of so many; null where they make no square.</summary>
    public static int? SideOf(long patches) => (long)Math.Round(Math.Sqrt(patches)) is var side && side * side == patches ? (int)side : null;

    /// <summary>From a vector that is no place's and those of a square [1, 1 + n², W] to [1, 1 + <paramref name="height"/>·<paramref name="width"/>, W].</summary>
    public static Tensor Resized(Tensor positions, int height, int width)
    {
        using var scope = NewDisposeScope();
        var (patches, numbers) = (positions.shape[1] - 1, positions.shape[2]);
        var side = SideOf(patches) ?? throw new ArgumentException($"{patches} patches make no square.");
        var square = positions.narrow(1, 1, patches).to(ScalarType.Float64).reshape(side, side * numbers);
        var rows = Weights(side, height).matmul(square).view(height, side, numbers);
        var all = Weights(side, width).matmul(rows.transpose(0, 1).reshape(side, height * numbers)).view(width, height, numbers).transpose(0, 1);
        return cat([positions.narrow(1, 0, 1), all.reshape(1, height * width, numbers).to(positions.dtype)], 1).MoveToOuterDisposeScope();
    }

    // [to, from]: what each old place adds to each new one.
    static Tensor Weights(int from, int to)
    {
        var scale = (double)from / to;
        var weights = new double[to * from];
        for (var i = 0; i < to; i++)
        {
            var row = weights.AsSpan(i * from, from);
            for (var k = 0; k < from; k++)
                row[k] = Cubic((k + 0.5 - (i + 0.5) * scale) / Math.Max(1, scale));
            var sum = 0.0;
            foreach (var weight in row)
                sum += weight;
            foreach (ref var weight in row)
                weight /= sum;
        }
        return tensor(weights, [to, from]);
    }

    static double Cubic(double x) => Math.Abs(x) switch
    {
        < 1 and var d => ((A + 2) * d - (A + 3)) * d * d + 1,
        < 2 and var d => (((d - 5) * d + 8) * d - 4) * A,
        _ => 0,
    };
}
