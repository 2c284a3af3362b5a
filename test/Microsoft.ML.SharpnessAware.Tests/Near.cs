namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Comparisons of vectors, element by element.</summary>
static class Near
{
    /// <summary>All elements of a tensor of any floating type.</summary>
    public static double[] Numbers(Tensor tensor) => tensor.detach().to_type(ScalarType.Float64).flatten().data<double>().ToArray();

    public static void Equal(double[] expected, double[] actual, double tolerance, string what = "")
    {
        Assert.HasCount(expected.Length, actual, what);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance, $"{what}[{i}]");
    }
}
