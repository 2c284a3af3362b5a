namespace Microsoft.ML.SharpnessAware;

/// <summary>The beta distribution whose two parameters are equal.</summary>
internal static class SymmetricBeta
{
    /// <summary>A number from 0 to 1: near 0 or 1 where α is small, near 1/2 where it is large, evenly distributed at 1. Devroye 1996, "Random variate generation in one line of code".</summary>
    public static double Draw(double alpha, Generator random)
    {
        var u = rand([2], dtype: ScalarType.Float64, generator: random).data<double>().ToArray();
        var t = Math.Cos(2 * Math.PI * u[0]) * Math.Sqrt(Math.Pow(u[1], -1 / alpha) - 1);
        return 0.5 + Math.Sign(t) / (2 * Math.Sqrt(1 + 1 / (t * t)));
    }
}
